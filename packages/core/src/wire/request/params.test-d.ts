import type * as beta from '@anthropic-ai/sdk/resources/beta/messages/messages'
import type * as official from '@anthropic-ai/sdk/resources/messages/messages'
import { expectTypeOf, test } from 'vitest'
import type {
  AdvisorTool,
  BetaMessageParams,
  BetaPromptParams,
  CountTokensParams,
  MCPToolset,
  MessageParams,
  ModelId,
  SystemMessageParam,
  ThinkingConfig,
  TokenCount,
} from '../index.ts'

// The newest API version has no sampling parameters, so the official types have none.
type Sampling = 'temperature' | 'top_p' | 'top_k'
// Have fields or members that need a β, and are held to the official types of that below.
type BetaToo = 'messages' | 'output_config' | 'tools'
// Sent as headers by the official client, though it takes them beside the body's fields.
type HeaderParams = 'user_profile_id' | 'workspace_id'

test('an official request is one of ours, and ours without sampling is an official one', () => {
  expectTypeOf<Omit<official.MessageCreateParamsBase, 'stream'>>().toExtend<MessageParams>()
  type OfBeta = keyof BetaMessageParams
  expectTypeOf<Omit<MessageParams, Sampling | OfBeta | BetaToo>>().toExtend<
    Omit<official.MessageCreateParamsNonStreaming, BetaToo>
  >()
  expectTypeOf<Exclude<keyof MessageParams, Sampling | OfBeta>>().toEqualTypeOf<
    Exclude<keyof official.MessageCreateParamsBase, 'stream' | HeaderParams>
  >()
})

test('a request to count tokens agrees, with the same fields', () => {
  expectTypeOf<official.MessageCountTokensParams>().toExtend<CountTokensParams>()
  expectTypeOf<Omit<CountTokensParams, BetaToo>>().toExtend<Omit<official.MessageCountTokensParams, BetaToo>>()
  expectTypeOf<Exclude<keyof CountTokensParams, keyof BetaPromptParams>>().toEqualTypeOf<
    Exclude<keyof official.MessageCountTokensParams, HeaderParams>
  >()
  expectTypeOf<TokenCount>().toEqualTypeOf<official.MessageTokensCount>()
})

test('the parts of a request agree', () => {
  expectTypeOf<MessageParams['metadata']>().toEqualTypeOf<official.MessageCreateParamsBase['metadata']>()
  expectTypeOf<MessageParams['output_config']>().toEqualTypeOf<beta.MessageCreateParamsBase['output_config']>()
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

test('the fields that need a β agree with the official types of it', () => {
  type Official = beta.MessageCreateParamsBase
  expectTypeOf<MessageParams['betas']>().toEqualTypeOf<string[] | undefined>()
  expectTypeOf<MessageParams['billing_policy']>().toEqualTypeOf<Official['billing_policy']>()
  expectTypeOf<MessageParams['compaction']>().toEqualTypeOf<Official['compaction']>()
  expectTypeOf<MessageParams['context_management']>().toEqualTypeOf<Official['context_management']>()
  expectTypeOf<MessageParams['fallback_credit_token']>().toEqualTypeOf<Official['fallback_credit_token']>()
  expectTypeOf<MessageParams['fallbacks']>().toExtend<Official['fallbacks']>()
  expectTypeOf<MessageParams['mcp_servers']>().toEqualTypeOf<Official['mcp_servers']>()
  expectTypeOf<MessageParams['thread']>().toEqualTypeOf<Official['thread']>()
  expectTypeOf<MCPToolset>().toExtend<beta.BetaMCPToolset>()
  expectTypeOf<beta.BetaAdvisorTool20260301>().toExtend<AdvisorTool>()
  expectTypeOf<AdvisorTool>().toExtend<beta.BetaAdvisorTool20260301>()
  expectTypeOf<Pick<SystemMessageParam, 'clear_at' | 'output_config'>>().toEqualTypeOf<
    Pick<beta.BetaSystemMessageParam, 'clear_at' | 'output_config'>
  >()
})
