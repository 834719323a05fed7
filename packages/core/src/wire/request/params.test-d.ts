import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type { CountTokensParams, MessageParams, ModelId, ThinkingConfig, TokenCount } from '../index.ts'

// The newest API version has no sampling parameters, so the official types have none.
type Sampling = 'temperature' | 'top_p' | 'top_k'
// Sent as headers by the official client, though it takes them beside the body's fields.
type HeaderParams = 'user_profile_id' | 'workspace_id'

test('an official request is one of ours, and ours without sampling is an official one', () => {
  expectTypeOf<Omit<official.MessageCreateParamsBase, 'stream'>>().toExtend<MessageParams>()
  expectTypeOf<Omit<MessageParams, Sampling>>().toExtend<official.MessageCreateParamsNonStreaming>()
  expectTypeOf<Exclude<keyof MessageParams, Sampling>>().toEqualTypeOf<
    Exclude<keyof official.MessageCreateParamsBase, 'stream' | HeaderParams>
  >()
})

test('a request to count tokens agrees, with the same fields', () => {
  expectTypeOf<official.MessageCountTokensParams>().toExtend<CountTokensParams>()
  expectTypeOf<CountTokensParams>().toExtend<official.MessageCountTokensParams>()
  expectTypeOf<keyof CountTokensParams>().toEqualTypeOf<
    Exclude<keyof official.MessageCountTokensParams, HeaderParams>
  >()
  expectTypeOf<TokenCount>().toEqualTypeOf<official.MessageTokensCount>()
})

test('the parts of a request agree', () => {
  expectTypeOf<MessageParams['metadata']>().toEqualTypeOf<official.MessageCreateParamsBase['metadata']>()
  expectTypeOf<MessageParams['output_config']>().toEqualTypeOf<official.MessageCreateParamsBase['output_config']>()
  expectTypeOf<MessageParams['container']>().toEqualTypeOf<official.MessageCreateParamsBase['container']>()
  expectTypeOf<MessageParams['diagnostics']>().toEqualTypeOf<official.MessageCreateParamsBase['diagnostics']>()
  expectTypeOf<MessageParams['cache_control']>().toEqualTypeOf<official.MessageCreateParamsBase['cache_control']>()
  expectTypeOf<ThinkingConfig>().toEqualTypeOf<official.ThinkingConfigParam>()
})

test('the listed models are those that the official types list', () => {
  expectTypeOf<ModelId>().toEqualTypeOf<official.Model>()
})

test('no request of ours can ask for a stream: the function that sends it does', () => {
  expectTypeOf<MessageParams>().not.toHaveProperty('stream')
})
