import { apiErrorFromBody, apiErrorFromEvent, type StreamEvent, StreamParseError } from '@enjamb/core'
import type { SSEFrame } from '../sse/create-sse-parser.ts'
import { decoder } from '../sse/decoder.ts'

/**
 * The event in a frame's data. Its type stands in the JSON, so a frame needs no `event` field. `undefined` where there
 * is none: no data, or the `[DONE]` that some proxies append. Events of unknown types come as they are.
 *
 * @throws {APIError} the class of it that an `error` event stands for
 * @throws {StreamParseError} the data is not JSON, or no object with a `type`
 */
export function decodeEvent({ data, event }: Pick<SSEFrame, 'data' | 'event'>): StreamEvent | undefined {
  const text = decoder.decode(data)
  let body: StreamEvent | null
  try {
    body = JSON.parse(text)
  } catch (cause) {
    if (event === 'error') throw apiErrorFromBody(text, 500)
    const said = text.trim()
    if (!said || said === '[DONE]') return undefined
    throw new StreamParseError(`An event is not JSON: ${text.slice(0, 200)}`, { cause })
  }
  if (event === 'error' || body?.type === ('error' as string)) throw apiErrorFromEvent(body)
  if (typeof body?.type !== 'string') throw new StreamParseError(`An event has no type: ${text.slice(0, 200)}`)
  return body
}
