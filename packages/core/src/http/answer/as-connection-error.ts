import { ConnectionError } from '../../errors/connection/connection-error.ts'
import { RequestTimeoutError } from '../../errors/connection/request-timeout-error.ts'
import { isEnjambError } from '../../errors/enjamb-error.ts'
import { redact } from '../../errors/redact.ts'

/** What the platform throws when a connection fails, in words; errors of ours stay as they are. `hint`: what to look at. */
export function asConnectionError(error: unknown, url: string, hint = ''): unknown {
  if (isEnjambError(error)) return error
  const { code, message } = Object(Object(error).cause ?? error) as Partial<Error & { code: string }>
  // Of undici, and so of Node's `fetch`: 300 s, whatever `timeoutMs` says.
  if (/(HEADERS|BODY)_TIMEOUT$/.test(code!)) {
    return new RequestTimeoutError(
      `${url} was silent for longer than this fetch waits (${code}); nodeFetch of @enjamb/core/node waits for timeoutMs.`,
      { cause: error },
    )
  }
  const words = redact(`${code ?? message}`)
  return new ConnectionError(`No complete answer from ${url}: ${words}.${hint}`, { cause: error })
}
