import type { StreamEvent } from '@enjamb/core'
import { decodeEvent } from './decode-event.ts'
import { createSSEParser, type SSEParser } from './sse-parser.ts'

/** Options of {@link createEventParser}. */
export interface EventParserOptions {
  /** Called for each event, during `push`. What it throws comes out of `push` and ends the parser. */
  onEvent(event: StreamEvent): void
  /** The largest frame, in bytes. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

/**
 * Parses the bytes of a streamed answer into its events, at once: {@link createSSEParser} with {@link decodeEvent}, and
 * what they throw comes out of `push`.
 */
export function createEventParser({ onEvent, maxFrameBytes }: EventParserOptions): SSEParser {
  return createSSEParser({
    maxFrameBytes,
    onFrame(frame) {
      const event = decodeEvent(frame)
      if (event) onEvent(event)
    },
  })
}
