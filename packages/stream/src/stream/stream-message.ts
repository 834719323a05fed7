import type { Client, MessageParams } from '@enjamb/core'
import { createStreamSource, type StreamOptions } from './create-stream-source.ts'
import { MessageStream } from './message-stream.ts'

/**
 * Streams one answer. The request is sent when the stream is first read; until the first content has arrived it is
 * retried as any other request, after that never. It throws nothing itself; what fails is thrown where the stream is read.
 *
 * @see {@link MessageStream} for the ways to read it, and what they throw
 * @example
 * const stream = streamMessage(client, { model: 'claude-haiku-4-5', max_tokens: 1024, messages })
 * for await (const text of stream.text()) process.stdout.write(text)
 * const message = await stream.final()
 */
export function streamMessage(client: Client, params: MessageParams, options: StreamOptions = {}): MessageStream {
  // The source itself holds no chunk, or it would hold them all.
  return new MessageStream(createStreamSource(client, params, options), { runs: [] })
}
