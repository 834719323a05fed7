import {
  type Client,
  type ClientOptions,
  ConfigError,
  createClient,
  type Message,
  type MessageParam,
  type MessageParams,
  messageRequest,
  readJSON,
  StreamParseError,
  send,
} from '@enjamb/core'
import { type MessageStream, streamMessage } from '@enjamb/stream'
import { type Reply, toReply } from './reply.ts'
import { type ReplyStream, toReplyStream } from './reply-stream.ts'
import type { ChatDefaults, ChatOptions } from './request/chat-options.ts'
import { toParams } from './request/to-params.ts'

/** Stateless calls: no history, no hidden system prompt; the request is what you see. */
export interface Chat {
  /**
   * Sends one request and waits for the whole answer. With `tools` it runs them, and asks again with their results, until
   * the model is done; these requests are streamed.
   *
   * @throws {ConfigError} before sending: an unknown model alias, an effort or thinking that the model does not take, no
   * credential, an empty input, more `maxTokens` than there is time for unstreamed
   * @throws {APIError} and its classes, `ConnectionError`, `RequestTimeoutError`, `RequestAbortedError`;
   * `StreamParseError` where the answer is no message; with tools, as a `ToolRun`
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
  /**
   * The request that a call would send, for functions that send it in another way.
   *
   * @throws {ConfigError} as `stream`
   */
  params(input: string | MessageParam[], options?: ChatOptions): MessageParams
  /** What its calls are sent with. */
  readonly client: Client
}

/** A chat that is none around another: its streams are those of the API. */
export interface DirectChat extends Chat {
  stream(input: string | MessageParam[], options?: ChatOptions & { tools?: undefined }): ReplyStream<MessageStream>
  stream(input: string | MessageParam[], options?: ChatOptions): ReplyStream
}

/**
 * Makes a chat: a client with defaults for its calls.
 *
 * @throws {ConfigError} as `createClient`
 * @example
 * const chat = createChat({ model: 'haiku' })
 * console.log(await chat.collect('Name three rivers.'))
 */
export function createChat(defaults: ClientOptions & ChatDefaults = {}): DirectChat {
  const client = createClient(defaults)
  // A copy, for whoever made them may change them.
  const base = { ...defaults }
  const paramsOf = (input: string | MessageParam[], options?: ChatOptions) => {
    if (!input?.length) throw new ConfigError('input must hold at least one message.')
    return toParams(input, options, base)
  }
  const stream = (input: string | MessageParam[], options: ChatOptions = {}) => {
    const params = paramsOf(input, options)
    const { tools, project } = options
    const source = tools ? tools.chat(client, params, options) : streamMessage(client, params, options)
    return toReplyStream(source, params.messages, project)
  }
  return {
    client,
    params: paramsOf,
    stream: stream as DirectChat['stream'],
    chat: async (input, options = {}) => {
      if (options.tools) return stream(input, options).final()
      const params = paramsOf(input, options)
      return send(client, messageRequest(client, params, false, options), options, async (exchange) => {
        const message = await readJSON<Message>(exchange)
        // Gateways give errors of their own, some with a status of 200.
        if (!message?.content || !message.usage) throw new StreamParseError('The answer is no message.')
        return toReply(message, exchange.requestId, options.project, { messages: params.messages })
      })
    },
    collect: async (input, options) => (await stream(input, options).final()).text,
  }
}
