import type { MessageStream } from '@enjamb/stream'
import { type Reply, toReply } from './reply.ts'

/** A piece of a streamed answer. */
export interface ReplyChunk {
  text: string
}

/**
 * An answer as it arrives. Nothing is sent before it is read; leaving the loop early aborts the request. It fails as the
 * `MessageStream` underneath does: with typed errors that carry what had arrived as `partial`.
 */
export interface ReplyStream extends AsyncIterable<ReplyChunk> {
  /** The same as plain strings. */
  text(): AsyncIterable<string>
  /** Reads to the end, and gives the whole reply; it may be called alone, beside a loop that has begun, or after it. */
  final(): Promise<Reply>
  abort(reason?: unknown): void
  /** The events underneath, for thinking, tool calls and whatever else an answer holds. It is read in place of this. */
  readonly messageStream: MessageStream
}

export function toReplyStream(messageStream: MessageStream, project: string | undefined): ReplyStream {
  return {
    messageStream,
    text: () => messageStream.text(),
    final() {
      const reply = messageStream.final().then((message) => toReply(message, messageStream.requestId, project))
      // Whoever reads in a loop gets the error there.
      reply.catch(() => {})
      return reply
    },
    abort: (reason) => messageStream.abort(reason),
    async *[Symbol.asyncIterator]() {
      for await (const text of messageStream.text()) yield { text }
    },
  }
}
