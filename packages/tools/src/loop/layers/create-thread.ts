import type { Message, MessageParam, MessageParams, RequestOptions } from '@enjamb/core'

/** A conversation that the server holds. */
export interface Thread {
  /** The request that says only what the server does not know, where it knows the beginning; else one that says all. */
  toRequest(params: MessageParams, options: RequestOptions): [params: MessageParams, options: RequestOptions]
  /** Notes what the server knows after a reply: these messages, as far as the reply, which has to be the last or next to last. */
  hold(reply: Message, messages: readonly MessageParam[]): void
  /** Is a request that was refused with this error to be sent again, in another form? */
  recovers(error: unknown): boolean
}

interface Held {
  id: string
  messages: readonly MessageParam[]
  params: MessageParams | undefined
}

const beta = 'message-threads-2026-08-12'

/**
 * Lets runs speak to a conversation that the server holds (beta `message-threads`): each request then says only what is new.
 * What it costs stays the same; what is sent and read grows with what is added, not with the whole history at each turn.
 *
 * The history stays with the run, whole. It is sent again where the server has lost the thread or it was continued
 * elsewhere, where `beforeTurn` changed system prompt, tools or the messages that it knows, and at each turn where the
 * platform has no threads or has lost one twice in a row.
 *
 * One thread is for one conversation, in one run after the other.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/message-threads
 * @example
 * const run = runTools(client, params, { thread: createThread() })
 */
export function createThread(): Thread {
  let isOff = false
  let held: Held | undefined
  let sent: MessageParams | undefined
  let isContinued = false
  let lost = 0

  /** Does the server know how these parameters begin? */
  const knows = ({ system, tools, messages }: MessageParams) =>
    held?.params &&
    held.params.system === system &&
    held.params.tools === tools &&
    held.messages.length < messages.length &&
    held.messages.every((message, index) => message === messages[index])

  return {
    toRequest(params, options) {
      sent = params
      isContinued = false
      if (isOff) return [params, options]
      const settings = { ...options, betas: [...(options.betas ?? []), beta] }
      if (!held || !knows(params)) return [{ ...params, thread: { type: 'create' } } as MessageParams, settings]
      isContinued = true
      const { system, tools, messages, ...rest } = params
      const thread = { type: 'continue', previous_message_id: held.id }
      return [{ ...rest, messages: messages.slice(held.messages.length), thread } as MessageParams, settings]
    },
    hold({ id, stop_reason, content }, messages) {
      const answer = messages.at(-1)?.role === 'assistant' ? messages.length : messages.length - 1
      if (isContinued) lost = 0
      // What was left out of the reply is known to the server; a refusal has to be forgotten.
      const isWhole = messages[answer - 1]?.content.length === content.length
      held =
        isWhole && stop_reason !== 'refusal' ? { id, messages: messages.slice(0, answer), params: sent } : undefined
    },
    recovers(error) {
      const { status, message, body } = Object(error)
      if (isOff || !(status === 400 || status === 404 || status === 409)) return false
      if (isContinued) {
        // Whatever it was about, an error about the whole history says more.
        isContinued = false
        held = undefined
        isOff = ++lost > 1
        return true
      }
      isOff = /thread/.test(`${message} ${body?.error?.details?.error_code}`)
      return isOff
    },
  }
}
