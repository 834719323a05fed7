import { costOf, type Usage } from '@enjamb/core'
import type { SpentEntry } from '../../journal/entry.ts'
import { noUsage } from '../../turn/no-usage.ts'
import type { ModelCounts, ResultLine } from './program-line.ts'

type Models = Readonly<Record<string, ModelCounts>>

/** What a run used, as the program counts it: all models, sub-agents too. It goes on counting when it resumes. */
export function modelsOfRun(result: ResultLine, before: Models = {}): Models {
  const { model_usage_since_last_result: own, modelUsage: all = {} } = result
  if (own && Object.keys(own).length) return own
  return Object.fromEntries(Object.entries(all).map(([model, counts]) => [model, minus(counts, before[model] ?? {})]))
}

function minus(counts: ModelCounts, before: ModelCounts): ModelCounts {
  const numbers = Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return Object.fromEntries(
    numbers.map(([name, count]) => [name, Math.max(0, count - (before[name as keyof ModelCounts] ?? 0))]),
  )
}

/**
 * What was used besides the replies that are written down: by sub-agents, and where the program asks models itself.
 *
 * @param id of the call that used it, as far as that is known
 */
export function spentBesides(models: Models, replies: ReadonlyMap<string, Usage>, id: string): SpentEntry[] {
  return Object.entries(models).flatMap(([model, counts]) => {
    const told = replies.get(model)
    const more = (count = 0, known: number | null | undefined = 0) => Math.max(0, count - (known ?? 0))
    const longer = more(counts.cacheCreationEphemeral1hInputTokens, told?.cache_creation?.ephemeral_1h_input_tokens)
    const written = more(counts.cacheCreationInputTokens, told?.cache_creation_input_tokens)
    const usage: Usage = {
      ...noUsage,
      input_tokens: more(counts.inputTokens, told?.input_tokens),
      output_tokens: more(counts.outputTokens, told?.output_tokens),
      cache_creation_input_tokens: written,
      cache_read_input_tokens: more(counts.cacheReadInputTokens, told?.cache_read_input_tokens),
      cache_creation: {
        ephemeral_5m_input_tokens: Math.max(0, written - longer),
        ephemeral_1h_input_tokens: Math.min(written, longer),
      },
    }
    const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
    const any = input_tokens + output_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
    return any ? [{ type: 'spent', id, model, usage, cost: costOf(model, usage) }] : []
  })
}
