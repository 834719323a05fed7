import { StreamParseError } from '../../errors/connection/stream-parse-error.ts'
import { excerpt } from '../../errors/redact.ts'
import type { Exchange } from '../request.ts'
import { apiErrorFromBody } from './api-error-from-body.ts'
import { isErrorBody } from './is-error-body.ts'
import { readText } from './read-text.ts'

/**
 * Reads a response's whole body as a JSON object, of at most 64 Mi characters.
 *
 * @throws {APIError} it is an error, whatever its status says
 * @throws {ConnectionError} the body broke off
 * @throws {StreamParseError} the body is no JSON object, with its first characters in the message; or too long
 */
export async function readJSON<T>({ response }: Pick<Exchange, 'response'>): Promise<T> {
  const text = await readText(response, 2 ** 26)
  let value: unknown
  try {
    // What is too long is cut off, and no JSON.
    value = JSON.parse(text)
  } catch {
    // Without its cause: the platform's error repeats the text, which may hold anything.
  }
  if (isErrorBody(value)) throw apiErrorFromBody(text, 0, response.headers)
  if (value instanceof Object) return value as T
  throw new StreamParseError(`No JSON object within 64 Mi characters: ${excerpt(text)}`)
}
