import type { Known } from '../validation/validate-request.ts'
import type { MockState } from './exchange.ts'

export function knownBy({ options: { models = [], betas = [], files: named = [] }, files }: MockState): Known {
  return { models, betas, hasFile: (id) => files.has(id) || named.includes(id) }
}
