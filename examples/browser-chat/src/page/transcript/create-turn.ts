import type { SessionEvent } from '@enjamb/agent/browser'
import type { Message } from '@enjamb/core'
import { copyButton } from '../parts/copy-button.ts'
import { button, element } from '../parts/element.ts'
import { formatSpending } from '../parts/format.ts'
import { createReply, type Reply } from './create-reply.ts'
import type { Answer, ToolCard, Waiting } from './create-tool-card.ts'
import { errorNote } from './error-note.ts'

/** What a turn asks of the chat that it stands in. */
export interface TurnActions {
  decide(call: Waiting, answer: Answer): Promise<void>
  /** Asks the turn's question again. */
  retry(): void
  /** Something was shown. */
  onShow(): void
}

/** A question, and all that follows until the next one. */
export interface TurnView {
  readonly node: HTMLElement
  /** What was answered so far, as it is read out. */
  readonly spoken: string
  handle(event: SessionEvent): void
  /** The question is asked again: what had come of a reply that broke off goes, and what is said of its end. */
  restart(): void
  /** Its process is gone, and nobody has said how it ended. */
  cutOff(): void
}

const endings: Partial<Record<string, string>> = {
  interrupted: 'Stopped.',
  turn_limit: 'It stopped after many steps. Ask it to go on.',
  over_budget: 'It stopped, as the next step could have cost more than the budget.',
}

export function createTurn(question: string, actions: TurnActions): TurnView {
  const answer = element('div', { className: 'answer' })
  const foot = element('footer')
  const title = element('h2', { className: 'question', tabIndex: -1 }, question)
  const node = element('article', { className: 'turn' }, title, answer, foot)
  const calls = new Map<string, ToolCard>()
  /** Calls that are being made. A tool may begin before its reply is whole. */
  const atWork = new Set<string>()
  const messages: Message[] = []
  const replies: Reply[] = []
  /** The reply that is being written. */
  let open: Reply | undefined
  /** One that broke off, and does not stand in the history: a new one takes its place. */
  let broken: Reply | undefined

  /** Until there is more to see. */
  function wait(): void {
    // Who has pressed a button here goes on from the question.
    if (foot.contains(document.activeElement)) title.focus()
    foot.replaceChildren(element('p', { className: 'at-work' }))
  }

  function reply(): Reply {
    foot.replaceChildren()
    if (!open) {
      open = createReply(calls, actions.onShow)
      replies.push(open)
      answer.append(open.node)
    }
    return open
  }

  function settle(message: Message): void {
    reply().settle(message.content)
    messages.push(message)
    open = undefined
    for (const id of atWork) calls.get(id)?.start()
  }

  const text = () =>
    replies
      .map((each) => each.text.trim())
      .filter(Boolean)
      .join('\n\n')

  function end(status: string, error: { code?: string | undefined; message: string } | undefined): void {
    for (const card of calls.values()) if (status !== 'waiting') card.end()
    foot.replaceChildren()
    if (status === 'waiting') return
    const parts: HTMLElement[] = []
    if (status === 'failed') parts.push(errorNote(error ?? { message: 'It failed.' }, actions.retry))
    const words = status === 'refused' ? `Claude did not answer this: ${error?.message ?? ''}` : endings[status]
    if (words) parts.push(element('p', { className: 'ending' }, words))
    if (messages.length > 0) {
      const copy = text() ? copyButton(text) : undefined
      parts.push(element('p', { className: 'figures' }, element('span', {}, formatSpending(messages)), copy))
    }
    foot.replaceChildren(...parts)
  }

  wait()
  return {
    node,
    get spoken() {
      return replies.map((reply) => reply.spoken).join('\n')
    },
    handle(event) {
      switch (event.type) {
        case 'text':
          return reply().appendText(event.text)
        case 'thinking':
          return reply().appendThought(event.text)
        case 'tool_input':
          return reply().callOf(event.id, event.name).write(event.json)
        case 'tool_call':
          return reply().callOf(event.id, event.name).setInput(event.input)
        case 'reply':
          return settle(event.message)
        case 'part':
          settle(event.message)
          if (!event.kept) broken = replies.at(-1)
          return
        case 'tool_start':
          atWork.add(event.id)
          return calls.get(event.id)?.start()
        case 'waiting':
          return calls.get(event.id)?.ask(event, (given) => actions.decide(event, given))
        case 'decision':
          return calls.get(event.id)?.decide(event.allow)
        case 'tool_result':
          atWork.delete(event.id)
          calls.get(event.id)?.finish(event)
          return wait()
        case 'turn_end':
          return end(event.status, event.error)
      }
    },
    restart() {
      for (const reply of [open, broken]) {
        if (!reply) continue
        reply.node.remove()
        replies.splice(replies.indexOf(reply), 1)
      }
      open = undefined
      broken = undefined
      wait()
    },
    cutOff() {
      foot.replaceChildren(
        element(
          'div',
          { className: 'failure' },
          element('p', { className: 'failure-title' }, 'The answer was cut off'),
          element('p', {}, 'What was writing it has ended. What is done already is not done again.'),
          button('Go on', 'plain', actions.retry),
        ),
      )
    },
  }
}
