import { createMessage, type Message } from '@enjamb/core'
import type { Ask } from '../run-options.ts'

/**
 * An `ask` that does not stream: each reply comes whole, in two events. So there is nothing to show on the way, and a call begins
 * when all of its reply is there; what it comes to is the same.
 *
 * @example
 * const run = runTools(client, params, { ask: wholeMessage })
 */
export const wholeMessage: Ask = (client, params, options) => {
  let snapshot: Message
  return {
    get snapshot() {
      return snapshot
    },
    async *[Symbol.asyncIterator]() {
      snapshot = await createMessage(client, params, options)
      yield { type: 'message_start', message: snapshot }
      yield { type: 'message_stop' }
    },
  }
}
