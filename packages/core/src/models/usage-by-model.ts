import { modelId } from './find-model-row.ts'

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
  iterations?: readonly PricedIteration[] | null
}

/** One piece of the work for an answer; the usage's own counts have some of them in them. */
export interface PricedIteration extends Omit<PricedUsage, 'iterations'> {
  type: string
  model?: string | null
}

/** Counts, and the model that they are billed for. */
export interface ModelCounts {
  model: string
  counts: PricedUsage
}

/**
 * All that a usage is billed for: its own counts first, then those of its `iterations` that are not among them, which
 * are compaction, advisors, and attempts of models that declined before the one that answered.
 */
export function usageByModel(model: string, usage: PricedUsage): ModelCounts[] {
  const all = [usage, usage.iterations ?? []].flat().map(Object) as readonly Partial<PricedIteration>[]
  const answered = all.find(({ type }) => type === 'fallback_message')?.model ?? model
  return all
    .map((counts) => ({ model: counts.model ?? answered, counts }))
    .filter(({ model: own, counts: { type } }) =>
      type === 'message' ? modelId(own) !== modelId(answered) : type !== 'fallback_message',
    )
}
