import type { Usage } from '@enjamb/core'

/** All tokens of a usage: those of the prompt, whether cached or not, and of the answer. */
export function totalTokens(usage: Usage): number {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  return input_tokens + output_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
}
