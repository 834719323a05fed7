import type { StreamEvent } from '@enjamb/core'
import { decodeEvent } from './decode-event.ts'
import { createDeltaDecoder } from './delta-decoder.ts'
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
  const deltas = createDeltaDecoder()
  return createSSEParser({
    maxFrameBytes,
    onFrame(frame) {
      let event = frame.event === 'error' ? undefined : deltas.decode(frame.data)
      if (!event) {
        event = decodeEvent(frame)
        if (!event) return
        deltas.learn(event, frame.data)
      }
      onEvent(event)
    },
  })
}
