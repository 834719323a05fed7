import { type ContentBlockParam, type MessageParam, withReply } from '@enjamb/core'
import type { Reply } from './reply.ts'

/**
 * The conversation with an answer in it, ready for the next question: what of the answer the API takes back. A question that
 * was refused is left out, as with it in the history the refusals would go on.
 *
 * @example
 * const reply = await chat.chat('Name a river.')
 * await chat.chat([...toMessages(reply), { role: 'user', content: 'And its source?' }])
 */
export function toMessages({ messages, message, stopReason }: Reply): MessageParam[] {
  if (stopReason === 'refusal') return messages.slice(0, -1)
  return withReply(messages, message.content as ContentBlockParam[], () => true, true)
}
