import { EnjambError } from './enjamb-error.ts'

/**
 * An option, a parameter or the environment is not usable; thrown before anything is sent. Also where `baseURL` turns out
 * to redirect, which nothing follows.
 */
export class ConfigError extends EnjambError {
  override get code(): string {
    return 'config'
  }
}
