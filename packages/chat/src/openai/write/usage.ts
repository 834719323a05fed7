import type { Usage } from '@enjamb/core'

/** The counts that both of OpenAI's interfaces have, under names of our own. */
export function countsOf(usage: Usage): { prompt: number; cached: number; answer: number; thinking: number } {
  const cached = usage.cache_read_input_tokens ?? 0
  return {
    prompt: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    cached,
    answer: usage.output_tokens,
    thinking: usage.output_tokens_details?.thinking_tokens ?? 0,
  }
}
