import type { SessionEvent } from '@enjamb/agent/browser'
import { createPartialJSON } from '@enjamb/stream'
import { button, element } from '../parts/element.ts'
import { formatName } from '../parts/format.ts'

type Of<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>
export type Waiting = Of<'waiting'>
export type Answer = { allow: boolean; always?: boolean; hash: string }

/** A call of a tool, from its first letter to its result. */
export interface ToolCard {
  readonly node: HTMLElement
  /** More of the input that the model is writing. */
  write(json: string): void
  /** The input, whole. */
  setInput(input: unknown): void
  start(): void
  /** Somebody has to say whether it may be done. */
  ask(waiting: Waiting, decide: (answer: Answer) => Promise<void>): void
  decide(allow: boolean): void
  finish(result: Of<'tool_result'>): void
  /** The turn is over, and nothing more comes. */
  end(): void
}

type State = 'writing' | 'ready' | 'asking' | 'working' | 'done' | 'failed' | 'denied' | 'stopped'

const labels: Record<State, string> = {
  writing: 'Writing',
  ready: 'Ready',
  asking: 'Waiting for you',
  working: 'Working',
  done: 'Done',
  failed: 'Failed',
  denied: 'Not allowed',
  stopped: 'Stopped',
}

export function createToolCard(name: string): ToolCard {
  const label = element('span', { className: 'tool-state' })
  const input = element('dl')
  const gist = element('span', { className: 'tool-gist' })
  const summary = element('summary', {}, element('span', { className: 'tool-name' }, formatName(name)), gist, label)
  const details = element('details', { open: true }, summary, input)
  const question = element('div', { className: 'tool-question' })
  const node = element('div', { className: 'tool' }, details, question)
  const json = createPartialJSON()
  const fields = new Map<string, HTMLElement>()
  let state: State
  setState('writing')

  function setState(next: State): void {
    state = next
    node.dataset.state = next
    label.textContent = labels[next]
    label.classList.toggle('at-work', next === 'writing' || next === 'working')
    if (next === 'asking') return
    if (question.contains(document.activeElement)) summary.focus()
    question.replaceChildren()
  }

  /** Each field of the input has a place of its own, which grows. */
  function show(value: unknown): void {
    for (const [key, part] of Object.entries(Object(value))) {
      let field = fields.get(key)
      if (!field) {
        field = element('dd', { tabIndex: 0 })
        fields.set(key, field)
        input.append(element('dt', {}, formatName(key)), field)
      }
      const isAtEnd = field.scrollTop + field.clientHeight > field.scrollHeight - 8
      field.textContent = typeof part === 'string' ? part : JSON.stringify(part, null, 2)
      if (isAtEnd && state === 'writing') field.scrollTop = field.scrollHeight
    }
  }

  return {
    node,
    write(piece) {
      json.push(piece)
      show(json.value)
    },
    setInput(whole) {
      show(whole)
      if (state === 'writing') setState('ready')
    },
    start: () => setState('working'),
    ask({ hash }, decide) {
      setState('asking')
      const answer =
        (allow: boolean, always = false) =>
        async () => {
          for (const each of question.querySelectorAll('button')) each.disabled = true
          await decide({ allow, hash, ...(always && { always }) })
        }
      question.replaceChildren(
        button('Allow', 'solid', answer(true)),
        button('Don’t allow', 'plain', answer(false)),
        button('Always in this chat', 'plain', answer(true, true)),
      )
    },
    decide: (allow) => setState(allow ? 'working' : 'denied'),
    finish({ isError, result }) {
      if (state !== 'denied') setState(isError ? 'failed' : 'done')
      gist.textContent = input.querySelector('dd')?.textContent ?? ''
      if (typeof result === 'string' && result && state !== 'denied') show({ result })
      details.open = false
    },
    end() {
      if (state === 'writing' || state === 'ready' || state === 'working') setState('stopped')
    },
  }
}
