import type { StreamEvent } from '@enjamb/core'
import type { SSEFrame } from '../sse/create-sse-parser.ts'
import { decoder } from '../sse/decoder.ts'
import { toEvent } from './to-event.ts'

/**
 * The event in a frame of {@link createSSEParser}. Its type stands in the JSON, so a frame needs no `event` field.
 * `undefined` where it is none of the API's: no data, the `[DONE]` of some proxies, the signs of life of others. Events of
 * unknown types come as they are.
 *
 * @throws {APIError} the class of it that an `error` event stands for, or an error in the form that gateways give it
 * @throws {StreamParseError} it should be an event, and is not JSON or has no `type`
 */
export function decodeEvent({ data, event }: Pick<SSEFrame, 'data' | 'event'>): StreamEvent | undefined {
  return toEvent(event, decoder.decode(data))
}
