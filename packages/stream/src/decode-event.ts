import { apiErrorFromEvent, type StreamEvent, StreamParseError } from '@enjamb/core'
import type { SSEFrame } from './sse-parser.ts'

const decoder = new TextDecoder()

/**
 * The event in a frame; `undefined` for `[DONE]`, which some proxies append. The type stands in the JSON, so a frame
 * needs no `event:` line. Unknown events come as they are.
 *
 * @throws {APIError} the frame is an `error` event
 * @throws {StreamParseError} the frame holds no event
 */
export function decodeEvent(frame: SSEFrame): StreamEvent | undefined {
  const text = decoder.decode(frame.data)
  let event: StreamEvent | { type: 'error' }
  try {
    event = JSON.parse(text)
  } catch (cause) {
    if (text.trim() === '[DONE]') return undefined
    throw new StreamParseError(`An event is no JSON: ${text.slice(0, 200)}`, { cause })
  }
  if (typeof event?.type !== 'string') throw new StreamParseError(`An event has no type: ${text.slice(0, 200)}`)
  if (event.type === 'error') throw apiErrorFromEvent(event)
  return event as StreamEvent
}
