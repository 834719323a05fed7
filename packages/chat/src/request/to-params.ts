import { type MessageParam, type MessageParams, resolveModel } from '@enjamb/core'
import { type ChatDefaults, type ChatOptions, chatDefaults } from './chat-options.ts'
import { fitToModel } from './fit-to-model.ts'
import { withoutUndefined } from './without-undefined.ts'

/**
 * The request for a question and its options; what is not said stays out of it.
 *
 * @param defaults stand where the options say nothing, as far as the model can fulfil them
 * @throws {ConfigError} the model is neither an id nor an alias, or cannot do what the options ask for
 */
export function toParams(
  input: string | MessageParam[],
  options: Omit<ChatOptions, 'tools'> = {},
  defaults: ChatDefaults = {},
): MessageParams {
  const all: Omit<ChatOptions, 'tools'> = {
    ...chatDefaults,
    ...withoutUndefined(defaults),
    ...withoutUndefined(options),
  }
  const { cache } = all
  const model = resolveModel(all.model!)
  const fields = {
    model,
    max_tokens: all.maxTokens,
    messages: typeof input === 'string' ? [{ role: 'user', content: input }] : [...input],
    system: all.system,
    ...fitToModel(model, all, options),
    cache_control: cache ? { type: 'ephemeral', ...(cache !== true && { ttl: cache }) } : undefined,
    temperature: all.temperature,
    top_p: all.topP,
    top_k: all.topK,
    stop_sequences: all.stopSequences,
    metadata: all.metadata && { user_id: all.metadata.userId },
    ...all.body,
  }
  return withoutUndefined(fields) as MessageParams
}
