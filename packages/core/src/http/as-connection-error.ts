import { ConnectionError } from '../errors/connection-error.ts'
import { isEnjambError } from '../errors/enjamb-error.ts'

/** What the platform throws when a connection fails, in words; errors of ours stay as they are. */
export function asConnectionError(error: unknown, url: string): unknown {
  if (isEnjambError(error)) return error
  const { code, message } = Object(Object(error).cause ?? error) as Partial<Error & { code: string }>
  return new ConnectionError(`No complete answer from ${url}: ${code ?? message}. Is baseURL right?`, { cause: error })
}
