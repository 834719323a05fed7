import type { StreamEvent } from '@enjamb/core'
import { decodeEvent } from './decode-event.ts'
import { createSSEParser } from './sse-parser.ts'

export interface EventParserOptions {
  /** Called for each event, during `push`. If it throws, `push` does, and the parser is dead. */
  onEvent: (event: StreamEvent) => void
  /** The largest event, in bytes. Default 64 MiB. */
  maxFrameBytes?: number | undefined
}

export interface EventParser {
  /**
   * @throws {APIError} an `error` event
   * @throws {StreamParseError} an event is too large, or none
   */
  push(chunk: Uint8Array): void
  /** The stream has ended; an unfinished event is dropped. */
  end(): void
}

/** Parses the bytes of a streamed answer into its events. */
export function createEventParser({ onEvent, maxFrameBytes }: EventParserOptions): EventParser {
  return createSSEParser({
    maxFrameBytes,
    onFrame: (frame) => {
      const event = decodeEvent(frame)
      if (event) onEvent(event)
    },
  })
}
