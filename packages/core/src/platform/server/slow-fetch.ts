import { RequestTimeoutError } from '../../errors/connection/request-timeout-error.ts'
import type { Platform } from '../platform.ts'

/** Of undici, and so of Node's `fetch`: 300 s, whatever `timeoutMs` says. */
export const slowFetch: Platform['slowFetch'] = (cause, code, url) =>
  /(HEADERS|BODY)_TIMEOUT$/.test(`${code}`)
    ? new RequestTimeoutError(
        `${url} was silent for longer than this fetch waits (${code}); nodeFetch of @enjamb/core/node waits for timeoutMs.`,
        { cause },
      )
    : undefined
