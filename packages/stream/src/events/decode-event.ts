import type { StreamEvent } from '@enjamb/core'
import type { SSEFrame } from '../sse/create-sse-parser.ts'
import { decoder } from '../sse/decoder.ts'
import { toEvent } from './to-event.ts'

/**
 * The event in a frame of {@link createSSEParser}. Its type stands in the JSON, so a frame needs no `event` field.
 * `undefined` where there is none: no data, or the `[DONE]` that some proxies append. Events of unknown types come as
 * they are.
 *
 * @throws {APIError} the class of it that an `error` event stands for
 * @throws {StreamParseError} the data is not JSON, or no object with a `type`
 */
export function decodeEvent({ data, event }: Pick<SSEFrame, 'data' | 'event'>): StreamEvent | undefined {
  return toEvent(event, decoder.decode(data))
}
