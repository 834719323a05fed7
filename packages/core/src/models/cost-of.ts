import { modelRow } from './find-model-row.ts'
import type { ModelRow } from './model-row.ts'
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
 * fast mode, batches (half price) and inference kept in the US or, on a cloud, in a region (a tenth dearer); and what its `iterations` tell of
 * compaction, advisors and attempts before a fallback, each at the prices of its model.
 * Where a discount or surcharge leaves a fraction of a nano-dollar, each part is rounded up.
 * Not counted, since usage does not tell: container time of the code execution tool, and prices agreed with the API's maker.
 *
 * @param model an id, dated or not, of a cloud too, or an alias.
 * @param reply the message that the usage is of: with it, a refusal that came before any output costs nothing, but in
 * the categories in which that is billed.
 * @returns `undefined` where there is no published price: an unknown model, or fast mode on a model without it.
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 */
export function costOf(model: string, usage: PricedUsage, reply?: BilledReply): Cost | undefined {
  let [input, output, cacheWrite, cacheRead, other] = [0, 0, 0, 0, 0]
  for (const { model: name, counts } of usageByModel(model, isFree(reply) ? {} : usage)) {
    const [price, readPrice, letters = '', , , overTokens, times = 1] = modelRow(name) ?? ([] as Partial<ModelRow>)
    const hasFast = letters.includes('f')
    // Whoever helps a fast model without being one has the usual speed.
    const isFast = usage.speed === 'fast' && (hasFast || counts === usage)
    if (!price || (isFast && !hasFast)) return undefined

    const plain = counts.input_tokens ?? 0
    const read = counts.cache_read_input_tokens ?? 0
    const { ephemeral_5m_input_tokens: short = 0, ephemeral_1h_input_tokens: long = 0 } = counts.cache_creation ?? {}
    // Without the split, as older recordings and some gateways have it, a write is one of five minutes, the default.
    const written = Math.max(short, (counts.cache_creation_input_tokens ?? 0) - long)
    // Twentieths, as integers up to the division keep the result exact.
    const scale =
      (plain + read + written + long > overTokens! ? times : 1) *
      (isFast ? 2 : 1) *
      // Only a region has a hyphen: the clients of clouds say `bedrock-eu`, the API `global`, `not_available` or `us`.
      (/us|-/.test(usage.inference_geo as string) ? 11 : 10) *
      (usage.service_tier === 'batch' ? 1 : 2)
    const cost = (tokens: number, each = price) => Math.ceil((tokens * each * scale) / 20)
    input += cost(plain)
    output += cost(5 * (counts.output_tokens ?? 0))
    cacheWrite += cost(written * 1.25 + long * 2)
    cacheRead += cost(read, readPrice)
    other += (counts.server_tool_use?.web_search_requests ?? 0) * webSearchNanoUsd
  }
  const nanoUsd = input + output + cacheWrite + cacheRead + other
  return { nanoUsd, usd: nanoUsd / 1e9, input, output, cacheWrite, cacheRead, other }
}

/** @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback */
function isFree(reply: BilledReply | undefined): boolean {
  return (
    reply?.stop_reason === 'refusal' &&
    !reply.content?.length &&
    !/^(bio|frontier_llm|reasoning_extraction)$/.test(reply.stop_details?.category as string)
  )
}
