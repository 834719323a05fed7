import {
  ConfigError,
  MaxOutputTokensError,
  OverloadedError,
  RequestAbortedError,
  RequestTimeoutError,
  ServerError,
} from '@enjamb/core'
import { ClaudeProgramError } from '../claude-program-error.ts'
import type { CliSettings } from '../cli-backend-options.ts'

const mostMs = 60_000

/**
 * How long to wait before the program is run again; `undefined`: it is not. What more attempts cannot change is not tried again: a
 * credential, money, the request itself, a limit. An answer that was too long is, once; servers get time.
 *
 * @param attempt of those that failed, from 0
 */
export function retryPause(
  error: unknown,
  attempt: number,
  { retries, retryDelayMs }: Pick<CliSettings, 'retries' | 'retryDelayMs'>,
): number | undefined {
  if (attempt >= retries || error instanceof ConfigError || error instanceof RequestAbortedError) return undefined
  if (error instanceof MaxOutputTokensError) return attempt === 0 ? 0 : undefined
  if (error instanceof OverloadedError || error instanceof ServerError)
    return Math.min(retryDelayMs * 2 ** attempt, mostMs)
  return error instanceof RequestTimeoutError || error instanceof ClaudeProgramError ? 0 : undefined
}
