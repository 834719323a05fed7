import type { Message, MessageParams } from '@enjamb/core'
import { Rejection } from '../errors/rejection.ts'

type Body = Record<string, unknown>
type Held = Pick<MessageParams, 'system' | 'tools' | 'messages'>

const most = 1000

/** Conversations that the server holds (beta `message-threads`), each under the id of its latest answer. */
export interface Threads {
  /**
   * The body that says all of what a `thread` of type `continue` leaves out.
   *
   * @throws {Rejection} 404, `thread_not_found`
   */
  expand(body: Body): Body
  /** Holds the conversation of a request whose `thread` asks for it. */
  hold(params: MessageParams, answer: Message): void
}

export function createThreads(): Threads {
  const held = new Map<string, Held>()
  return {
    expand(body) {
      const { thread, messages } = body as { thread?: { type?: unknown; previous_message_id?: unknown } } & Body
      if (thread?.type !== 'continue' || !Array.isArray(messages)) return body
      const id = thread.previous_message_id
      const before = typeof id === 'string' ? held.get(id) : undefined
      if (!before) throw lost(JSON.stringify(id))
      return { ...body, ...before, messages: [...before.messages, ...messages] }
    },
    hold(params, { id, content }) {
      if (!(params as { thread?: object | null }).thread) return
      const { system, tools, messages } = params
      held.set(id, {
        ...(system === undefined ? {} : { system }),
        ...(tools === undefined ? {} : { tools }),
        messages: [...messages, { role: 'assistant', content }],
      })
      const [oldest] = held.keys()
      if (held.size > most && oldest !== undefined) held.delete(oldest)
    },
  }
}

function lost(id: string): Rejection {
  return new Rejection(`thread: no thread holds the message ${id}`, {
    type: 'not_found_error',
    details: { error_code: 'thread_not_found' },
  })
}
