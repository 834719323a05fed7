import { type Cost, costOf, type Message, type StopReason, type Usage } from '@enjamb/core'

/** An answer, with what an application mostly asks of it at hand. */
export interface Reply {
  id: string
  /** The model that answered. */
  model: string
  /** All text of the answer; empty when the model only called tools, or refused. */
  text: string
  /** The answer as the API gave it. */
  message: Message
  /** Why it ended: `max_tokens` means that it was cut off. */
  stopReason: StopReason | null
  usage: Usage
  /** At list prices; `undefined` for a model without one. */
  cost: Cost | undefined
  requestId: string | undefined
  /** The spending project the call named, if it named one. */
  project?: string
}

/**
 * The reply that a message is: for layers that get their messages in another way.
 *
 * @param requestId the API's name for the request, where it is known
 * @param project whose budget the call counted against, where it named one
 */
export function toReply(message: Message, requestId: string | undefined, project: string | undefined): Reply {
  return {
    id: message.id,
    model: message.model,
    text: messageText(message),
    message,
    stopReason: message.stop_reason,
    usage: message.usage,
    cost: costOf(message.model, message.usage, message),
    requestId,
    ...(project !== undefined && { project }),
  }
}

/** All text of a message, joined. */
export function messageText({ content }: Message): string {
  return content.reduce((text, block) => (block.type === 'text' ? text + block.text : text), '')
}
