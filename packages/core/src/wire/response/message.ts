import type { ModelId } from '../model-id.ts'
import type { ContentBlock } from './content-block.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Usage } from './usage.ts'

/**
 * An answer of the model.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export interface Message {
  id: string
  type: 'message'
  role: 'assistant'
  model: ModelId
  content: ContentBlock[]
  container: Container | null
  diagnostics: Diagnostics | null
  /** `null` only while the message is still streaming. */
  stop_reason: StopReason | null
  /** The one of your stop sequences that ended the answer. */
  stop_sequence: string | null
  /** Why, where `stop_reason` is `refusal`. */
  stop_details: RefusalStopDetails | null
  usage: Usage
}

/**
 * Why an answer ended: `pause_turn` asks to be sent back as it is to go on; `max_tokens` and
 * `model_context_window_exceeded` cut the answer off, perhaps inside a tool's input.
 */
export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded'

/** Why the model refused. */
export interface RefusalStopDetails {
  type: 'refusal'
  category: 'cyber' | 'bio' | 'frontier_llm' | 'reasoning_extraction' | 'general_harms' | null
  explanation: string | null
}

/** The machine that the code execution tool ran on; name its id in a later request to use it again. */
export interface Container {
  id: string
  /** RFC 3339. */
  expires_at: string
  skills: ContainerSkill[] | null
}

/** A skill that is in the container. */
export interface ContainerSkill {
  skill_id: string
  type: 'anthropic' | 'custom'
  version: string
}
