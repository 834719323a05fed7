import { apiErrorFromBody, apiErrorFromEvent, type StreamEvent, StreamParseError } from '@enjamb/core'

/**
 * The event in a frame's data. Its type stands in the JSON, so a frame needs no `event` field. `undefined` where there
 * is none: no data, or the `[DONE]` that some proxies append. Events of unknown types come as they are.
 *
 * @param name the frame's `event` field
 * @throws {APIError} the class of it that an `error` event stands for
 * @throws {StreamParseError} the data is not JSON, or no object with a `type`
 */
export function toEvent(name: string, data: string): StreamEvent | undefined {
  let body: StreamEvent | null
  try {
    body = JSON.parse(data)
  } catch (cause) {
    if (name === 'error') throw apiErrorFromBody(data, 500)
    const said = data.trim()
    if (!said || said === '[DONE]') return undefined
    throw new StreamParseError(`An event is not JSON: ${data.slice(0, 200)}`, { cause })
  }
  if (name === 'error' || body?.type === ('error' as string)) throw apiErrorFromEvent(body)
  if (typeof body?.type !== 'string') throw new StreamParseError(`An event has no type: ${data.slice(0, 200)}`)
  return body
}
