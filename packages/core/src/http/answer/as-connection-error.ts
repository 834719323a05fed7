import { slowFetch, tidy } from '#platform'
import { ConnectionError } from '../../errors/connection/connection-error.ts'
import { isEnjambError } from '../../errors/enjamb-error.ts'
import { redact } from '../../errors/redact.ts'

/** What the platform throws when a connection fails, in words; errors of ours stay as they are. `hint`: what to look at. */
export function asConnectionError(error: unknown, url: string, hint = ''): unknown {
  if (isEnjambError(error)) return error
  const { message, cause } = Object(error) as Partial<Error>
  const { code, message: why } = Object(cause ?? error) as Partial<Error & { code: string }>
  const words = redact(`${code || why || message || error}`)
  return (
    slowFetch(error, code, url) ??
    new ConnectionError(`No complete answer from ${url}: ${words}.${hint}`, { cause: tidy(error) })
  )
}
