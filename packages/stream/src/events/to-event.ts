import { apiErrorFromBody, apiErrorFromEvent, type StreamEvent, StreamParseError } from '@enjamb/core'

/**
 * The event in a frame's data. Its type stands in the JSON, so a frame needs no `event` field. `undefined` where it is
 * none of the API's: no data, the `[DONE]` of some proxies, the signs of life of others. Events of unknown types come as
 * they are.
 *
 * @param name the frame's `event` field
 * @throws {APIError} the class of it that an `error` event stands for, or an error in the form that gateways give it
 * @throws {StreamParseError} it should be an event, and is not JSON or has no `type`
 */
export function toEvent(name: string, data: string): StreamEvent | undefined {
  const own = /^(message|content_block)_/.test(name)
  const fail = (problem: string, cause?: unknown): never => {
    throw new StreamParseError(`An event ${problem}: ${data.slice(0, 200)}`, { cause })
  }
  let body: StreamEvent | null
  try {
    body = JSON.parse(data)
  } catch (cause) {
    if (name === 'error') throw apiErrorFromBody(data, 500)
    // A page is a gateway's error; a word is its sign of life.
    return own || /^\s*[{<]/.test(data) ? fail('is not JSON', cause) : undefined
  }
  const { type, error }: { type?: unknown; error?: unknown } = Object(body)
  if (typeof type !== 'string') {
    if (name === 'error' || error) throw apiErrorFromEvent(body)
    return own ? fail('has no type') : undefined
  }
  if (name === 'error' || type === 'error') throw apiErrorFromEvent(body)
  if (type.endsWith('_error')) throw apiErrorFromEvent({ error: body })
  return body!
}
