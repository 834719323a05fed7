import { EnjambError } from './enjamb-error.ts'
import type { ErrorCode } from './error-code.ts'

/**
 * An option, a parameter or the environment is not usable; thrown before anything is sent. Also where `baseURL` turns out
 * to redirect, which nothing follows.
 */
export class ConfigError extends EnjambError {
  override get code(): ErrorCode {
    return 'config'
  }
}
