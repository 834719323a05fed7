import { type ContentBlockDeltaEvent, type StreamEvent, StreamParseError } from '@enjamb/core'
import { createRunParser } from './create-run-parser.ts'
import { withPiece } from './event-run.ts'

/** Options of {@link createEventParser}. */
export interface EventParserOptions {
  /** Called for each event, during `push`. What it throws comes out of `push` and ends the parser. */
  onEvent(event: StreamEvent): void
  /** The largest frame, in bytes. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

/** Takes bytes, and calls back with the events that they hold. */
export interface EventParser {
  /**
   * Takes the next bytes, cut anywhere, and calls `onEvent` for each event they complete.
   *
   * @throws {APIError} the class of it that an `error` event stands for
   * @throws {StreamParseError} what arrived is no event, or larger than `maxFrameBytes`; or the parser failed or ended
   * before, or is called from within `onEvent`
   */
  push(chunk: Uint8Array): void
  /** The stream has ended. A frame that no blank line has ended is dropped, as the standard says. */
  end(): void
}

/** Parses the bytes of a streamed answer into its events, at once, at linear cost however they are cut. */
export function createEventParser({ onEvent, maxFrameBytes }: EventParserOptions): EventParser {
  const parse = createRunParser(({ event, pieces }) => {
    if (pieces) for (const piece of pieces) onEvent(withPiece(event as ContentBlockDeltaEvent, piece))
    else onEvent(event)
  }, maxFrameBytes)
  /** While a chunk is being pushed, and for ever when that fails. */
  let closed = false
  return {
    push(chunk) {
      if (closed) throw new StreamParseError('Parser closed.')
      closed = true
      parse(chunk)
      closed = false
    },
    end() {
      closed = true
    },
  }
}
