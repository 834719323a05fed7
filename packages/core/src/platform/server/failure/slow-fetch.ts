import { RequestTimeoutError } from '../../../errors/connection/request-timeout-error.ts'
import type { Platform } from '../../platform.ts'
import { whyOf } from './why-of.ts'

/** Of undici, and so of Node's `fetch`: 300 s, whatever `timeoutMs` says. */
export const slowFetch: Platform['slowFetch'] = (cause, url) => {
  const code = whyOf(cause)
  return /(HEADERS|BODY)_TIMEOUT$/.test(code)
    ? new RequestTimeoutError(
        `${url} was silent for longer than this fetch waits (${code}); nodeFetch of @enjamb/core/node waits for timeoutMs.`,
        { cause },
      )
    : undefined
}
