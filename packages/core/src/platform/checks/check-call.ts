import type { RequestOptions } from '../../http/request.ts'
import type { Platform } from '../platform.ts'
import { checkBetas } from './check-betas.ts'
import { checkNames } from './check-names.ts'

const names: readonly string[] = [
  'signal',
  'timeoutMs',
  'idleTimeoutMs',
  'deadlineMs',
  'headers',
  'betas',
  'retry',
  'project',
  'onResponse',
] satisfies (keyof RequestOptions)[]

export const checkCall: Platform['checkCall'] = (given) => {
  checkNames(given, names)
  checkBetas((given as RequestOptions).betas)
}
