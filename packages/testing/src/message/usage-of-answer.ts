import type { ContentBlock, Usage } from '@enjamb/core'
import type { PromptUsage } from '../accounts/prompt-cache.ts'
import { countOutputTokens, textTokens } from '../tokens/block-tokens.ts'

/** One piece of the work for an answer, with the counts of its own. */
export interface UsageIteration extends PromptUsage {
  type: string
  model: string | null
  output_tokens: number
}

/** Usage with what is in beta. */
export type MockUsage = Usage & { iterations?: UsageIteration[] }

export interface Spent {
  promptUsage: PromptUsage
  tier: 'standard' | 'batch'
  speed: Usage['speed']
  geo: Usage['inference_geo']
}

/** The tokens of one model's work: the prompt's, and those of what it wrote. */
export function usageOfAnswer(content: ContentBlock[], { promptUsage, tier, speed, geo }: Spent): MockUsage {
  const thoughts = content.filter((block) => block.type === 'thinking')
  const thought = thoughts.reduce((sum, { thinking }) => sum + textTokens(thinking), 0)
  return {
    input_tokens: promptUsage.input_tokens,
    cache_creation_input_tokens: promptUsage.cache_creation_input_tokens,
    cache_read_input_tokens: promptUsage.cache_read_input_tokens,
    cache_creation: promptUsage.cache_creation,
    output_tokens: countOutputTokens(content),
    output_tokens_details: thoughts.length > 0 ? { thinking_tokens: thought } : null,
    server_tool_use: null,
    service_tier: tier,
    speed,
    inference_geo: geo,
  }
}

/** What was spent on a piece, for the list of pieces. */
export function iterationOf(type: string, model: string | null, usage: MockUsage): UsageIteration {
  const { input_tokens, output_tokens, cache_creation, cache_creation_input_tokens, cache_read_input_tokens } = usage
  return {
    type,
    model,
    input_tokens,
    output_tokens,
    cache_creation,
    cache_creation_input_tokens,
    cache_read_input_tokens,
  }
}

/** Nothing spent: what the top says of work that only the pieces count. */
export function withoutCounts(usage: MockUsage): MockUsage {
  return {
    ...usage,
    input_tokens: 0,
    output_tokens: 0,
    output_tokens_details: null,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  }
}
