import { ConfigError, type FallbackParam, type ModelAlias, type ModelId, resolveModel } from '@enjamb/core'
import type { FrozenParams } from '../journal/entry.ts'

/** Which models answer where the one that was asked declines: the API's choice, or these, in this order. */
export type Fallbacks = 'default' | readonly (ModelAlias | ModelId | FallbackParam)[]

const beta = 'server-side-fallback-2026-07-01'

/**
 * @throws {ConfigError} it is neither `default` nor a list of models
 * @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 */
export function toFallbacks(
  fallbacks: Fallbacks | undefined,
  betas: readonly string[] = [],
): Pick<FrozenParams, 'fallbacks' | 'betas'> {
  if (fallbacks === undefined) return {}
  if (fallbacks !== 'default' && !(Array.isArray(fallbacks) && fallbacks.length)) {
    throw new ConfigError("fallbacks must be 'default' or a list of models.")
  }
  const toParam = (one: string | FallbackParam): FallbackParam =>
    typeof one === 'string' ? { model: resolveModel(one) } : { ...one, model: resolveModel(one.model) }
  return { fallbacks: fallbacks === 'default' ? fallbacks : fallbacks.map(toParam), betas: [...betas, beta] }
}
