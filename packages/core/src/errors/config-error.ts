import { EnjambError } from './enjamb-error.ts'

/** An option, a parameter or the environment is not usable; thrown before anything is sent. */
export class ConfigError extends EnjambError {
  override get code(): string {
    return 'config'
  }
}
