import { type MessageParam, type MessageParams, modelRow, resolveModel, type ThinkingConfig } from '@enjamb/core'
import { type ChatOptions, chatDefaults } from './chat-options.ts'
import { withoutUndefined } from './without-undefined.ts'

/**
 * The request for a question and its options; what is not said stays out of it.
 *
 * @throws {ConfigError} the model is neither an id nor an alias
 */
export function toParams(input: string | MessageParam[], options: ChatOptions): MessageParams {
  const { cache } = options
  const model = resolveModel(options.model ?? chatDefaults.model)
  const max_tokens = options.maxTokens ?? chatDefaults.maxTokens
  const fields = {
    model,
    max_tokens,
    messages: typeof input === 'string' ? [{ role: 'user', content: input }] : [...input],
    system: options.system,
    thinking: toThinking(options.thinking, model, max_tokens),
    output_config: options.effort && { effort: options.effort },
    cache_control: cache ? { type: 'ephemeral', ...(cache !== true && { ttl: cache }) } : undefined,
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    stop_sequences: options.stopSequences,
    metadata: options.metadata && { user_id: options.metadata.userId },
    ...options.body,
  }
  return withoutUndefined(fields) as MessageParams
}

function toThinking(wish: ChatOptions['thinking'], model: string, maxTokens: number): ThinkingConfig | undefined {
  if (wish === true && (modelRow(model)?.[2] ?? 'a').includes('a')) return { type: 'adaptive' }
  if (wish) return { type: 'enabled', budget_tokens: wish === true ? maxTokens - 1 : wish.budgetTokens }
  return wish === false ? { type: 'disabled' } : undefined
}
