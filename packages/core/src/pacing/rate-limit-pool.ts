import { modelId } from '../models/find-model-row.ts'

/** Models that share one pool: those of generation 4 by family, Fable 5 and 5.1, Mythos. */
const shared = /^claude-(?:[a-z]+-4(?=-|$)|fable-5(?=-1$)|mythos-5(?=-))/

/**
 * The name of the pool of rate limits that a model takes from: `rateLimitPool` of `findModel`, without its list.
 *
 * @see https://platform.claude.com/docs/en/api/rate-limits
 */
export function rateLimitPool(model: string): string {
  const id = modelId(model)
  return shared.exec(id)?.[0] ?? id
}
