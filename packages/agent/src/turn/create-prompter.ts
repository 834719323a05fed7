import { type MessageParam, RequestAbortedError, type UserMessageParam } from '@enjamb/core'
import type { PromptEntry } from '../journal/entry.ts'
import type { TurnSettings } from './turn-settings.ts'

/** What is said to the model in a turn beside results, each when its place has come. */
export interface Prompter {
  /** Is there something to say? What sub-agents report is said first. */
  hasPrompts(): boolean
  /**
   * Writes down what there is to say, and gives what of it is asked.
   *
   * @param isLeft its caller waits no more, once the turn is interrupted: nothing is written from then on
   */
  takePrompts(isLeft?: boolean): Promise<MessageParam[]>
  /** Has what is to be noticed said with the next prompts. */
  takeNotices(): void
  /** What hooks add to a request, unless the turn is interrupted meanwhile. What continues a paused reply is no new one. */
  takeContexts(request: number, messages: MessageParam[]): Promise<MessageParam[]>
  /** Why a hook did not let the last prompt be asked. */
  readonly refused: string | undefined
}

export function createPrompter(settings: TurnSettings): Prompter {
  const { sessionId, journal, hooks, signal, prompts, mail, budget } = settings
  const { state } = journal
  const hookContext = { sessionId, signal }
  let refused: string | undefined

  function hasPrompts(): boolean {
    prompts.unshift(...mail.reports.splice(0))
    return prompts.length > 0
  }

  /** Behind the end of the turn nothing is written, whatever took its time: it would begin another. */
  function heedEnd(): void {
    if (signal.aborted) throw new RequestAbortedError('The turn was interrupted.', { cause: signal.reason })
  }

  async function takePrompts(isLeft = false): Promise<MessageParam[]> {
    const taken: MessageParam[] = []
    hasPrompts()
    // It waits with the others until it is written: what is not is to be known as unsent.
    for (let [prompt] = prompts; prompt; [prompt] = prompts) {
      if (isLeft) heedEnd()
      const { id, by } = prompt
      const { content, refuse } = await hooks.prompt({ id, content: prompt.content, by }, hookContext)
      refused = refuse
      if (isLeft) heedEnd()
      if (refuse === undefined) await chooseModel(content)
      if (isLeft) heedEnd()
      prompts.splice(prompts.indexOf(prompt), 1)
      const contexts = refuse === undefined ? settings.contexts.splice(0) : []
      await journal.append(...contexts, { ...prompt, content, ...(refuse !== undefined && { refused: refuse }) })
      if (refuse === undefined) taken.push(...[...contexts, { content }].map(({ content }) => toMessage(content)))
    }
    return taken
  }

  /** Once: a session that has begun keeps its model. */
  async function chooseModel(content: PromptEntry['content']): Promise<void> {
    if (!settings.choose || state.choice || state.usage || state.messages.length) return
    const remaining = await budget?.remaining?.()
    await journal.append(await settings.choose([toMessage(content)], remaining))
  }

  async function takeContexts(request: number, messages: MessageParam[]): Promise<MessageParam[]> {
    if (messages.at(-1)?.role === 'assistant') return []
    const contexts = await hooks.contexts('beforeTurn', { request, messages }, hookContext)
    heedEnd()
    await journal.append(...contexts.map((content) => ({ type: 'context' as const, content, by: 'beforeTurn' })))
    return contexts.map(toMessage)
  }

  return {
    hasPrompts,
    takePrompts,
    takeNotices: () => void prompts.push(...mail.notices.splice(0)),
    takeContexts,
    get refused() {
      return refused
    },
  }
}

function toMessage(content: UserMessageParam['content']): MessageParam {
  return { role: 'user', content }
}
