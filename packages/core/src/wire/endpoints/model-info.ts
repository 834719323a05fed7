import type { ModelId } from '../model-id.ts'
import type { PageParams } from './page.ts'

/**
 * What the API says of a model.
 *
 * @see https://platform.claude.com/docs/en/api/models
 */
export interface ModelInfo {
  id: ModelId
  type: 'model'
  display_name: string
  /** RFC 3339; the epoch where it is not known. */
  created_at: string
  /** `active`: open to all. `deprecated`: only for those who used it before. `retired`: requests for it fail. */
  lifecycle: ModelLifecycle
  /** RFC 3339; `null` while the model is active. */
  deprecated_at: string | null
  /** RFC 3339; `null` where no day is set. The past is no sign that it has happened: `lifecycle` is. */
  retires_at: string | null
  /** The family; `null` where it has none. */
  line: ModelLine | null
  /** Tokens. */
  max_input_tokens: number | null
  /** The most that the parameter `max_tokens` can ask for. */
  max_tokens: number | null
  capabilities: ModelCapabilities | null
}

/** How long a model is still to be had: `deprecated` means that an end is set, `retired` that it has come. */
export type ModelLifecycle = 'active' | 'deprecated' | 'retired'
/** The family of a model. */
export type ModelLine = 'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos'

/** What a model can do, as the API lists it. */
export interface ModelCapabilities {
  batch: CapabilitySupport
  citations: CapabilitySupport
  /** Whether code in the code execution tool can call other tools; the tool itself is in `server_tools`. */
  code_execution: CapabilitySupport
  context_management: ContextManagementCapability
  effort: EffortCapability
  image_input: CapabilitySupport
  pdf_input: CapabilitySupport
  /** `supported` where at least one of them is. */
  server_tools: ServerToolsCapability
  structured_outputs: CapabilitySupport
  thinking: ThinkingCapability
}

/** Whether a model can do something. */
export interface CapabilitySupport {
  supported: boolean
}

/** Which ways of editing the context a model has. */
export interface ContextManagementCapability extends CapabilitySupport {
  clear_thinking_20251015: CapabilitySupport | null
  clear_tool_uses_20250919: CapabilitySupport | null
  compact_20260112: CapabilitySupport | null
}

/** Which levels of `effort` a model takes. */
export interface EffortCapability extends CapabilitySupport {
  low: CapabilitySupport
  medium: CapabilitySupport
  high: CapabilitySupport
  xhigh: CapabilitySupport | null
  max: CapabilitySupport
}

/** Which tools of the API a model may use. */
export interface ServerToolsCapability extends CapabilitySupport {
  code_execution: CapabilitySupport
  web_search: CapabilitySupport
}

/** Which kinds of thinking a model has. */
export interface ThinkingCapability extends CapabilitySupport {
  types: ThinkingTypes
}

/** Which `thinking.type` a request may have. */
export interface ThinkingTypes {
  adaptive: CapabilitySupport
  between_tools: CapabilitySupport
  disabled: CapabilitySupport
  enabled: CapabilitySupport
}

/** Which models to list, the newest first. */
export interface ModelListParams extends PageParams {
  /** Default: `active` and `deprecated`. */
  lifecycle?: ModelLifecycle[]
}
