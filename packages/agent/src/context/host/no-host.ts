import { ConfigError } from '@enjamb/core'
import type { LogFileOptions } from '../../record/log/log-file-options.ts'
import type { HostFacts } from '../system/to-user-id.ts'

/** What there is of a host where there are no files: nothing. */
export const hostFacts = (): HostFacts => ({})

/** @throws {ConfigError} always */
export const readInstructions = (_cwd: string | undefined, _files: readonly string[] | undefined): Promise<string> =>
  Promise.reject(new ConfigError('instructions can be read on Node alone; give their text as appendSystem.'))

/** @throws {ConfigError} always */
export function withLog(_store: object, _options: LogFileOptions): never {
  throw new ConfigError(
    'logDir needs files, which Node alone has; elsewhere give what createLogFormatter makes to a place of your own.',
  )
}
