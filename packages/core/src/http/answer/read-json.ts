import { StreamParseError } from '../../errors/connection/stream-parse-error.ts'
import { redact } from '../../errors/redact.ts'
import type { Exchange } from '../request.ts'
import { asConnectionError } from './as-connection-error.ts'

/**
 * Reads a response's whole body as JSON.
 *
 * @throws {ConnectionError} the body broke off
 * @throws {StreamParseError} the body is complete and no JSON; its first characters stand in the message
 */
export async function readJSON<T>({ response }: Exchange): Promise<T> {
  const text = await response.text().catch((error) => {
    throw asConnectionError(error, response.url)
  })
  try {
    return JSON.parse(text) as T
  } catch {
    // Without its cause: the platform's error repeats the text, which may hold anything.
    throw new StreamParseError(`No JSON in the answer: ${redact(text.slice(0, 200))}`)
  }
}
