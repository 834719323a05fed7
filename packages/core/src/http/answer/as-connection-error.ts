import { slowFetch, tidy, whyOf } from '#platform'
import { ConnectionError } from '../../errors/connection/connection-error.ts'
import { isEnjambError } from '../../errors/enjamb-error.ts'
import { redact } from '../../errors/redact.ts'

/** What the platform throws when a connection fails, in words; errors of ours stay as they are. `hint`: what to look at. */
export function asConnectionError(error: unknown, url: string, hint = ''): unknown {
  if (isEnjambError(error)) return error
  return (
    slowFetch(error, url) ??
    new ConnectionError(`No complete answer from ${url}: ${redact(whyOf(error))}.${hint}`, { cause: tidy(error) })
  )
}
