import type { RequestOptions } from '../../http/request.ts'
import { requestOptionNames } from '../../http/request-option-names.ts'
import type { Platform } from '../platform.ts'
import { checkBetas } from './check-betas.ts'
import { checkNames } from './check-names.ts'

export const checkCall: Platform['checkCall'] = (given) => {
  checkNames(given, requestOptionNames)
  checkBetas((given as RequestOptions).betas)
}
