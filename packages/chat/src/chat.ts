import {
  type ClientOptions,
  ConfigError,
  createClient,
  type Message,
  type MessageParam,
  messageRequest,
  readJSON,
  StreamParseError,
  send,
} from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'
import type { ChatDefaults, ChatOptions } from './chat-options.ts'
import { type Reply, toReply } from './reply.ts'
import { type ReplyStream, toReplyStream } from './reply-stream.ts'
import { toParams } from './to-params.ts'

/** Stateless calls: no history, no hidden system prompt; the request is what you see. */
export interface Chat {
  /**
   * Sends one request and waits for the whole answer.
   *
   * @throws {ConfigError} before sending: an unknown model alias, an effort or thinking that the model does not take, no
   * credential, an empty input, more `maxTokens` than there is time for unstreamed
   * @throws {APIError} and its classes, `ConnectionError`, `RequestTimeoutError`, `RequestAbortedError`;
   * `StreamParseError` where the answer is no message
   */
  chat(input: string | MessageParam[], options?: ChatOptions): Promise<Reply>
  /**
   * Streams an answer.
   *
   * @throws {ConfigError} at once, for an unknown model alias, what the model does not take, or an empty input; everything else is thrown where the
   * stream is read
   */
  stream(input: string | MessageParam[], options?: ChatOptions): ReplyStream
  /**
   * Streams underneath, so that a long answer outlives the network's patience, and gives the text: also of an answer
   * that `maxTokens` cut off, or a refusal. It throws as reading a {@link ReplyStream} does.
   */
  collect(input: string | MessageParam[], options?: ChatOptions): Promise<string>
}

/**
 * Makes a chat: a client with defaults for its calls.
 *
 * @throws {ConfigError} as `createClient`
 * @example
 * const chat = createChat({ model: 'haiku' })
 * console.log(await chat.collect('Name three rivers.'))
 */
export function createChat(defaults: ClientOptions & ChatDefaults = {}): Chat {
  const client = createClient(defaults)
  // A copy, for whoever made them may change them.
  const base = { ...defaults }
  const paramsOf = (input: string | MessageParam[], options: ChatOptions) => {
    if (!input?.length) throw new ConfigError('input must hold at least one message.')
    return toParams(input, options, base)
  }
  const stream = (input: string | MessageParam[], options: ChatOptions = {}) =>
    toReplyStream(streamMessage(client, paramsOf(input, options), options), options.project)
  return {
    stream,
    chat: async (input, options = {}) => {
      const request = messageRequest(client, paramsOf(input, options), false, options)
      return send(client, request, options, async (exchange) => {
        const message = await readJSON<Message>(exchange)
        // Gateways give errors of their own, some with a status of 200.
        if (!message?.content || !message.usage) throw new StreamParseError('The answer is no message.')
        return toReply(message, exchange.requestId, options.project)
      })
    },
    collect: async (input, call) => (await stream(input, call).final()).text,
  }
}
