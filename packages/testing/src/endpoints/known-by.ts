import type { Known } from '../validation/validate-request.ts'
import type { MockState } from './exchange.ts'

export function knownBy({ options, files }: MockState): Known {
  return { models: options.models, hasFile: (id) => files.has(id) || (options.files?.includes(id) ?? false) }
}
