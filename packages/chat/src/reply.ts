import { type Cost, costOf, type Message, type MessageParam, type StopReason, type Usage } from '@enjamb/core'

/** An answer, with what an application mostly asks of it at hand. */
export interface Reply {
  id: string
  /** The model that answered. */
  model: string
  /** All text of the answer; empty when the model only called tools, or refused. */
  text: string
  /** The answer as the API gave it; where tools ran, the last one. */
  message: Message
  /** Why it ended: `max_tokens` means that it was cut off. */
  stopReason: StopReason | null
  /** Of all requests that it took: more than one where tools ran, or something was asked for again. */
  usage: Usage
  /** Of the same requests at list prices; `undefined` for a model without one. */
  cost: Cost | undefined
  /** The API's name for the request; `undefined` where tools ran. */
  requestId: string | undefined
  /** What was asked: the messages of the last request. `toMessages(reply)` has the answer, too. */
  messages: MessageParam[]
  /** The spending project the call named, if it named one. */
  project: string | undefined
}

/**
 * The reply that a message is: for layers that get their messages in another way.
 *
 * @param requestId the API's name for the request, where it is known
 * @param project whose budget the call counted against, where it named one
 * @param more the messages that were asked, and what else the message alone does not tell
 */
export function toReply(
  message: Message,
  requestId: string | undefined,
  project: string | undefined,
  more: Pick<Reply, 'messages'> & Partial<Reply>,
): Reply {
  const { id, model, usage } = message
  return {
    id,
    model,
    text: messageText(message),
    message,
    stopReason: message.stop_reason,
    usage,
    cost: costOf(model, usage, message),
    requestId,
    project,
    ...more,
  }
}

/** All text of a message, joined. */
export function messageText({ content }: Message): string {
  return content.reduce((text, block) => (block.type === 'text' ? text + block.text : text), '')
}
