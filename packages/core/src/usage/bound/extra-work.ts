import { ConfigError } from '../../errors/config-error.ts'
import { findModel } from '../../models/find-model.ts'
import type { PricedIteration } from '../../models/usage-by-model.ts'
import type { MessageParams } from '../../wire/index.ts'
import type { AdvisorBound } from './server-tool-bound.ts'

/** Parameters of betas that make other models, or the same one once more, work for an answer. */
export interface ExtraParams {
  compaction?: object | null
  context_management?: { edits?: readonly { type?: string }[] } | null
  fallbacks?: 'default' | readonly { model: string; max_tokens?: number | null; speed?: string | null }[] | null
  thread?: object | null
}

/** What bounds one reading of the prompt and one answer to it. */
export interface WorkBound {
  /** Tokens of all readings together, and of one. */
  input: number
  prompt: number
  output: number
  samplings: number
  cache: '5m' | '1h' | undefined
}

/** Edits of the context that only leave something out. */
const clearing = /^clear_(tool_uses|thinking)_/

/**
 * The most that is done beside the answer itself, as iterations of its usage: each compaction reads the prompt and writes
 * as much as the model can, each advisor reads a full context window, each fallback does all the work again.
 *
 * @throws {ConfigError} there is no bound
 */
export function extraWork(
  params: MessageParams,
  advisors: readonly AdvisorBound[],
  bound: WorkBound,
): PricedIteration[] {
  const { compaction, context_management: management, fallbacks } = params as ExtraParams
  const { input, prompt, output, samplings, cache } = bound
  let compactions = compaction ? 1 : 0
  for (const { type = 'unknown' } of management?.edits ?? []) {
    if (type.startsWith('compact_')) compactions += samplings
    else if (!clearing.test(type))
      throw new ConfigError(`Under a budget there can be no edit ${type}: it has no bound.`)
  }
  if (fallbacks === 'default') throw new ConfigError('Under a budget fallbacks must be a list of models.')
  const times = (n: number, model: string, read: number, written: number, ttl = cache): PricedIteration => ({
    // A type of its own: what is known by its name may be taken for a part of the answer.
    type: 'extra',
    model,
    ...inputUsage(n * read, ttl),
    output_tokens: n * written,
  })
  return [
    ...(compactions ? [times(compactions, params.model, prompt, longestAnswer(params.model))] : []),
    ...advisors.map(({ model, uses, maxTokens = longestAnswer(model), cache: ttl }) =>
      times(uses, model, findModel(model)?.contextWindow ?? 0, maxTokens, ttl),
    ),
    ...(fallbacks ?? []).map(({ model, max_tokens: most, speed }) =>
      times(speed === 'fast' ? 2 : 1, model, input, Math.max(output, (most ?? 0) * samplings)),
    ),
  ]
}

function longestAnswer(model: string): number {
  return findModel(model)?.maxOutputTokens ?? 0
}

export function inputUsage(tokens: number, cache: '5m' | '1h' | undefined) {
  if (!cache) return { input_tokens: tokens }
  const written = cache === '1h' ? { ephemeral_1h_input_tokens: tokens } : { ephemeral_5m_input_tokens: tokens }
  return { cache_creation_input_tokens: tokens, cache_creation: written }
}
