import type { CacheControl } from '../cache-control.ts'
import type { ModelId } from '../model-id.ts'
import type { DiagnosticsParam } from '../response/diagnostics.ts'
import type { ToolUnion } from '../tool/tool.ts'
import type { ToolChoice } from '../tool/tool-choice.ts'
import type { BetaMessageParams, BetaPromptParams } from './beta-params.ts'
import type { TextBlockParam } from './document-block-param.ts'
import type { MessageParam } from './message-param.ts'
import type { OutputConfig } from './output-config.ts'
import type { ThinkingConfig } from './thinking.ts'

/** What a request to create a message and one to count its tokens have in common. */
interface PromptParams {
  model: ModelId
  messages: MessageParam[]
  system?: string | TextBlockParam[]
  tools?: ToolUnion[]
  tool_choice?: ToolChoice
  thinking?: ThinkingConfig
  output_config?: OutputConfig
  /** Puts a cache mark on the last block that can carry one. */
  cache_control?: CacheControl | null
  /** `fast` costs more; not every model has it. */
  speed?: 'standard' | 'fast' | null
}

/**
 * The body of `POST /v1/messages`, without `stream`: the function that sends it decides that.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export interface MessageParams extends PromptParams, BetaMessageParams {
  /** The most tokens to write, thinking included. `0` only fills the prompt cache. */
  max_tokens: number
  stop_sequences?: string[]
  metadata?: Metadata
  /** A container to run code in: the id of an earlier one, or the skills that a new one holds. */
  container?: ContainerParams | string | null
  diagnostics?: DiagnosticsParam | null
  inference_geo?: string | null
  service_tier?: 'auto' | 'standard_only'
  /** 0 to 1. Only under API version 2023-06-01. */
  temperature?: number
  /** 0 to 1. Only under API version 2023-06-01. */
  top_p?: number
  /** Only under API version 2023-06-01. */
  top_k?: number
}

/** The body of `POST /v1/messages/count_tokens`. */
export interface CountTokensParams extends PromptParams, BetaPromptParams {}

/** The answer of `countTokens`. */
export interface TokenCount {
  input_tokens: number
}

/** What the API is told of the request, beside its content. */
export interface Metadata {
  /** An opaque id of the end user, at most 256 characters; never a name or an address. */
  user_id?: string | null
}

/** Where code runs: a container that is there already, and the skills to put into it. */
export interface ContainerParams {
  id?: string | null
  skills?: SkillParams[] | null
}

/** A skill to put into the container. */
export interface SkillParams {
  skill_id: string
  type: 'anthropic' | 'custom'
  /** Default: the latest. */
  version?: string
}
