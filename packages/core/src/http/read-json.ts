import { StreamParseError } from '../errors/stream-parse-error.ts'
import type { Exchange } from './send.ts'

/**
 * Reads a response's whole body as JSON.
 *
 * @throws {StreamParseError} the body is no JSON; its first characters stand in the message
 */
export async function readJSON<T>({ response }: Exchange): Promise<T> {
  const text = await response.text()
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new StreamParseError(`The answer is no JSON: ${text.slice(0, 200) || '(empty)'}`, { cause })
  }
}
