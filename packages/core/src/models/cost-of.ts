import { modelRow } from './model-row.ts'
import { webSearchNanoUsd } from './model-table.generated.ts'
import { type PricedUsage, usageByModel } from './usage-by-model.ts'

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

/** What of a reply decides whether a refusal is billed; a `Message` is one. */
export interface BilledReply {
  stop_reason?: string | null
  stop_details?: { category?: string | null } | null
  content?: readonly unknown[]
}

/**
 * What an answer costs at list prices: tokens, cache writes of either lifetime, cache reads, web searches, long prompts,
 * fast mode, batches (half price) and inference kept in the US (a tenth dearer); and what its `iterations` tell of
 * compaction, advisors and attempts before a fallback, each at the prices of its model.
 * Where a discount or surcharge leaves a fraction of a nano-dollar, each part is rounded up.
 * Not counted, since usage does not tell: container time of the code execution tool, and prices agreed with the API's maker.
 *
 * @param model an id, dated or not, or an alias.
 * @param reply the message that the usage is of: with it, a refusal that came before any output costs nothing, but in
 * the categories in which that is billed.
 * @returns `undefined` where there is no published price: an unknown model, or fast mode on a model without it.
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 */
export function costOf(model: string, usage: PricedUsage, reply?: BilledReply): Cost | undefined {
  const { service_tier: tier, speed, inference_geo: geo } = usage
  const cost: Cost = { nanoUsd: 0, usd: 0, input: 0, output: 0, cacheWrite: 0, cacheRead: 0, other: 0 }
  if (isFree(reply)) return modelRow(model) && cost
  for (const { model: name, counts } of usageByModel(model, usage)) {
    const row = modelRow(name)
    if (!row) return undefined
    const [price, readPrice, letters, overTokens, times = 1] = row
    const hasFast = letters.includes('f')
    // Whoever helps a fast model without being one has the usual speed.
    if (speed === 'fast' && !hasFast && counts === usage) return undefined

    const input = counts.input_tokens ?? 0
    const read = counts.cache_read_input_tokens ?? 0
    const written1h = counts.cache_creation?.ephemeral_1h_input_tokens ?? 0
    // Without the split, as older recordings and some gateways have it, a write is one of five minutes, the default.
    const written5m = Math.max(
      counts.cache_creation?.ephemeral_5m_input_tokens ?? 0,
      (counts.cache_creation_input_tokens ?? 0) - written1h,
    )
    // Twentieths, as integers up to the division keep the result exact.
    const twentieths =
      (input + read + written5m + written1h > overTokens! ? times : 1) *
      (speed === 'fast' && hasFast ? 2 : 1) *
      (geo === 'us' && letters.includes('u') ? 11 : 10) *
      (tier === 'batch' ? 1 : 2)
    const add = (part: 'input' | 'output' | 'cacheWrite' | 'cacheRead' | 'other', nanoUsd: number, scale: number) => {
      const scaled = Math.ceil((nanoUsd * scale) / 20)
      cost[part] += scaled
      cost.nanoUsd += scaled
    }
    add('input', input * price, twentieths)
    add('output', (counts.output_tokens ?? 0) * 5 * price, twentieths)
    add('cacheWrite', (written5m * 1.25 + written1h * 2) * price, twentieths)
    add('cacheRead', read * readPrice, twentieths)
    add('other', (counts.server_tool_use?.web_search_requests ?? 0) * webSearchNanoUsd, 20)
  }
  cost.usd = cost.nanoUsd / 1e9
  return cost
}

/** @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback */
function isFree(reply: BilledReply | undefined): boolean {
  return (
    reply?.stop_reason === 'refusal' &&
    !reply.content?.length &&
    !/^(bio|frontier_llm|reasoning_extraction)$/.test(`${reply.stop_details?.category}`)
  )
}
