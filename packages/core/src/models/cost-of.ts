import { findModel } from './find-model.ts'
import type { ModelPrices, TokenPrices } from './model.ts'

/** Money spent, in whole nano-dollars (10⁻⁹ US dollars) unless the name says otherwise. */
export interface Cost {
  /** The sum of the parts below. */
  nanoUsd: number
  /** The same in dollars, for showing; add up `nanoUsd`, which is exact. */
  usd: number
  /** Prompt tokens outside the cache. */
  input: number
  /** Thinking included. */
  output: number
  cacheWrite: number
  cacheRead: number
  /** Server tools: web searches. */
  other: number
}

/** The counts that a price depends on; a `Usage` is one. */
export interface PricedUsage {
  input_tokens?: number | null
  output_tokens?: number | null
  cache_creation_input_tokens?: number | null
  cache_read_input_tokens?: number | null
  cache_creation?: { ephemeral_5m_input_tokens?: number; ephemeral_1h_input_tokens?: number } | null
  server_tool_use?: { web_search_requests?: number | null } | null
  service_tier?: string | null
  speed?: string | null
  inference_geo?: string | null
}

/**
 * What an answer costs at list prices: tokens, cache writes of either lifetime, cache reads, web searches, long prompts,
 * fast mode, batches (half price) and inference kept in the US (a tenth dearer).
 * Where a discount or surcharge leaves a fraction of a nano-dollar, each part is rounded up.
 * Not counted, since usage does not tell: container time of the code execution tool, and prices agreed with the API's maker.
 *
 * @param model an id, dated or not, or an alias.
 * @returns `undefined` where there is no published price: an unknown model, or fast mode on a model without it.
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 */
export function costOf(model: string, usage: PricedUsage): Cost | undefined {
  const list = findModel(model)?.prices
  const fast = usage.speed === 'fast' ? list?.fastMultiplier : 1
  if (!list || fast === undefined) return undefined

  const input = usage.input_tokens ?? 0
  const read = usage.cache_read_input_tokens ?? 0
  const written1h = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0
  // Without the split, as older recordings and some gateways have it, a write is one of five minutes, the default.
  const written5m = Math.max(
    usage.cache_creation?.ephemeral_5m_input_tokens ?? 0,
    (usage.cache_creation_input_tokens ?? 0) - written1h,
  )
  const prices = pricesFor(list, input + read + written5m + written1h)
  const scale = scaleFor(list, usage, fast)
  return toCost({
    input: scale(input * prices.input),
    output: scale((usage.output_tokens ?? 0) * prices.output),
    cacheWrite: scale(written5m * prices.cacheWrite5m + written1h * prices.cacheWrite1h),
    cacheRead: scale(read * prices.cacheRead),
    other: (usage.server_tool_use?.web_search_requests ?? 0) * list.webSearch,
  })
}

function pricesFor(list: ModelPrices, promptTokens: number): TokenPrices {
  return list.longPrompt && promptTokens > list.longPrompt.overTokens ? list.longPrompt : list
}

/** Integers up to the division keep the result exact. */
function scaleFor(list: ModelPrices, usage: PricedUsage, fast: number): (nanoUsd: number) => number {
  const tenths = usage.inference_geo === 'us' && list.usSurcharge ? 11 : 10
  const halves = usage.service_tier === 'batch' ? 1 : 2
  return (nanoUsd) => Math.ceil((nanoUsd * fast * tenths * halves) / 20)
}

function toCost(parts: Omit<Cost, 'nanoUsd' | 'usd'>): Cost {
  const nanoUsd = parts.input + parts.output + parts.cacheWrite + parts.cacheRead + parts.other
  return { nanoUsd, usd: nanoUsd / 1e9, ...parts }
}
