import type { ModelId } from '../model-id.ts'
import type { OutputConfig } from './output-config.ts'
import type { ThinkingConfig } from './thinking.ts'

/**
 * Fields of a request that the API takes where it is sent their β, in `betas`.
 *
 * @see https://platform.claude.com/docs/en/api/beta-headers
 */
export interface BetaPromptParams {
  /** The βs of this request, sent as a header together with the client's and the call's. */
  betas?: string[]
  billing_policy?: BillingPolicy | null
  /** Has the server summarise the conversation. */
  compaction?: CompactionConfig | null
  /** What the server leaves out of a long conversation. */
  context_management?: ContextManagementConfig | null
  /** Servers whose tools the API calls by itself; each is offered by an {@link MCPToolset}. */
  mcp_servers?: MCPServerParam[]
  /** The server holds the conversation so far. */
  thread?: ThreadParam | null
}

/** Those of a request for a message alone. */
export interface BetaMessageParams extends BetaPromptParams {
  fallback_credit_token?: string | FallbackCreditToken | null
  /** Models that answer where the one that was asked declines. */
  fallbacks?: 'default' | FallbackParam[] | null
}

/** β: who pays for the request. */
export interface BillingPolicy {
  type: 'billing_policy'
  bill_to?: 'self' | 'user_profile'
}

/** β: asks for a summary of the conversation in place of an answer. */
export interface CompactionConfig {
  type: 'summarize'
  instructions?: string | null
}

/** β: what the API may do to a context that grows long. */
export interface ContextManagementConfig {
  edits?: ContextEdit[]
}

/** β: a way of making room in the context. */
export type ContextEdit = ClearToolUsesEdit | ClearThinkingEdit | CompactEdit

/** β: drops older calls of tools and their results from the context. */
export interface ClearToolUsesEdit {
  type: 'clear_tool_uses_20250919'
  clear_at_least?: InputTokens | null
  clear_tool_inputs?: boolean | string[] | null
  exclude_tools?: string[] | null
  keep?: ToolUses
  trigger?: InputTokens | ToolUses
}

/** β: drops older thinking from the context. */
export interface ClearThinkingEdit {
  type: 'clear_thinking_20251015'
  keep?: { type: 'thinking_turns'; value: number } | { type: 'all' } | 'all'
}

/** β: puts a summary in the place of the context, once it is long. */
export interface CompactEdit {
  type: 'compact_20260112'
  instructions?: string | null
  pause_after_compaction?: boolean
  trigger?: InputTokens | null
}

interface InputTokens {
  type: 'input_tokens'
  value: number
}

interface ToolUses {
  type: 'tool_uses'
  value: number
}

/** β: an MCP server that the API itself connects to. */
export interface MCPServerParam {
  type: 'url'
  name: string
  url: string
  authorization_token?: string | null
  tool_configuration?: { allowed_tools?: string[] | null; enabled?: boolean | null } | null
}

/** β: begins a conversation that the API keeps, or goes on with one. */
export type ThreadParam = { type: 'create' } | { type: 'continue'; previous_message_id: string }

/** β: what a refusal gave, by which the same request costs less at another model. */
export interface FallbackCreditToken {
  token: string
  mode?: 'strict' | 'best_effort'
}

/** What is not said here is as in the request. */
export interface FallbackParam {
  model: ModelId
  max_tokens?: number | null
  output_config?: OutputConfig | null
  speed?: 'standard' | 'fast' | null
  thinking?: ThinkingConfig | null
  [field: string]: unknown
}
