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
  let body: StreamEvent | StreamEvent[] | null
  try {
    body = JSON.parse(data)
  } catch (cause) {
    if (name === 'error') throw apiErrorFromBody(data, 500)
    // A page is a gateway's error; a word is its sign of life.
    return own || /^\s*[{<]/.test(data) ? fail('is not JSON', cause) : undefined
  }
  // Some gateways give their errors in a list, by a name of their own, or one within another.
  const given = [body].flat()[0]
  const { type, request_id, error, errors, detail } = Object(given)
  const typed = typeof type === 'string'
  let problem = error || [errors].flat()[0] || detail
  if (name === 'error' || (typed ? /(^|_)error$/.test(type) : problem)) {
    problem ||= given
    while (problem?.error) problem = problem.error
    throw apiErrorFromEvent({ type: 'error', request_id, error: problem })
  }
  if (typed && given === body) return given!
  return own ? fail('has no type') : undefined
}
