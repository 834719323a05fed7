import {
  type ClientOptions,
  ConfigError,
  createClient,
  type Message,
  type MessageParam,
  messageRequest,
  readJSON,
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
   * @throws {ConfigError} before sending: an unknown model alias, no credential, an empty input
   * @throws {APIError} and its classes, `ConnectionError`, `RequestTimeoutError`, `RequestAbortedError`
   */
  chat(input: string | MessageParam[], options?: ChatOptions): Promise<Reply>
  /** Streams an answer. @throws {ConfigError} at once; everything else is thrown where the stream is read */
  stream(input: string | MessageParam[], options?: ChatOptions): ReplyStream
  /** Streams underneath, so that a long answer outlives the network's patience, and gives the text. It throws as `chat` does. */
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
  const { model, maxTokens, system, thinking, effort, cache } = defaults
  const base = { model, maxTokens, system, thinking, effort, cache }
  // An option that a call leaves undefined is one it does not speak of.
  const merge = (input: string | MessageParam[], options: ChatOptions = {}): ChatOptions => {
    if (!input.length) throw new ConfigError('The input must be a text or a list of messages, and not empty.')
    return { ...base, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) }
  }
  const stream = (input: string | MessageParam[], call?: ChatOptions) => {
    const options = merge(input, call)
    return toReplyStream(streamMessage(client, toParams(input, options), options), options.project)
  }
  return {
    stream,
    chat: async (input, call) => {
      const options = merge(input, call)
      return send(client, messageRequest(client, toParams(input, options), false), options, async (exchange) =>
        toReply(await readJSON<Message>(exchange), exchange.requestId, options.project),
      )
    },
    collect: async (input, call) => (await stream(input, call).final()).text,
  }
}
