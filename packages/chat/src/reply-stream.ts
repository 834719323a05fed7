import type { MessageParam, StreamEvent } from '@enjamb/core'
import type { MessageStream } from '@enjamb/stream'
import { type Reply, toReply } from './reply.ts'
import type { ChatToolRun, ChatToolRunEvent } from './toolset.ts'

/** A piece of a streamed answer. */
export interface ReplyChunk {
  text: string
}

/** What is under a streamed reply: the API's stream, a run of tools, or the events of whatever a wrapped chat has read. */
export type AnySource = MessageStream | ChatToolRun | AsyncIterable<StreamEvent | ChatToolRunEvent>

/**
 * An answer as it arrives. Nothing is sent before it is read; leaving the loop early aborts the request. It fails as the
 * `MessageStream` underneath does: with typed errors that carry what had arrived as `partial`; with tools, as a `ToolRun`.
 */
export interface ReplyStream<Source = AnySource> extends AsyncIterable<ReplyChunk> {
  /** The same as plain strings. */
  text(): AsyncIterable<string>
  /** Reads to the end, and gives the whole reply; it may be called alone, beside a loop that has begun, or after it. */
  final(): Promise<Reply>
  abort(reason?: unknown): unknown
  /**
   * What is underneath, for thinking, tool calls and whatever else an answer holds: a `MessageStream`, or with tools a
   * `ToolRun`. It is read in place of this.
   *
   * @see {@link replyEvents}
   */
  readonly source: Source
}

/** @param source of which `final()` gives the whole answer */
export function toReplyStream<
  Source extends Pick<ChatToolRun, 'text' | 'final' | 'abort'> & {
    requestId?: string | undefined
    sums?: Partial<Reply>
  },
>(source: Source, messages: MessageParam[], project: string | undefined): ReplyStream<Source> {
  return {
    source,
    text: () => source.text(),
    final() {
      const reply = source
        .final()
        .then((message) => toReply(message, source.requestId, project, { messages, ...source.sums }))
      // Whoever reads in a loop gets the error there.
      reply.catch(() => {})
      return reply
    },
    abort: (reason) => source.abort(reason),
    async *[Symbol.asyncIterator]() {
      for await (const text of source.text()) yield { text }
    },
  }
}
