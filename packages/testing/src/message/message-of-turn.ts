import type { ContentBlock, Message, MessageParams, Usage } from '@enjamb/core'
import type { NewId } from '../random/create-ids.ts'
import type { TurnSpec } from '../script/turn.ts'
import { countOutputTokens, textTokens } from '../tokens/block-tokens.ts'
import { blocksOfTurn } from './blocks-of-turn.ts'
import { cutText } from './cut-text.ts'

/** The prompt's part of an answer's usage. */
export type PromptUsage = Pick<
  Usage,
  'input_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens' | 'cache_creation'
>

export interface MessageContext {
  newId: NewId
  model: string
  promptUsage: PromptUsage
  tier: 'standard' | 'batch'
  /** Of the API. */
  version: string
}

/** The whole answer that a turn describes, to this request. */
export function messageOfTurn(turn: TurnSpec, params: MessageParams, context: MessageContext): Message {
  const { newId, model, promptUsage, tier, version } = context
  const display = params.thinking && 'display' in params.thinking ? params.thinking.display : undefined
  const all = params.max_tokens === 0 ? [] : blocksOfTurn(turn, newId, version)
  const cut = turn.stopReason ? undefined : cutText(all, params)
  const content = cut?.content ?? all
  const calls = content.some(({ type }) => type === 'tool_use')
  return {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content: display === 'omitted' ? content.map(omitThinking) : content,
    container: null,
    diagnostics: null,
    stop_reason: turn.stopReason ?? cut?.stopReason ?? endOf(params, calls),
    stop_sequence: turn.stopSequence ?? cut?.stopSequence ?? null,
    stop_details: turn.stopDetails ?? null,
    usage: turn.usage ? { ...usageOf(content, promptUsage, tier), ...turn.usage } : usageOf(content, promptUsage, tier),
  }
}

function endOf({ max_tokens }: MessageParams, calls: boolean): Message['stop_reason'] {
  if (max_tokens === 0) return 'max_tokens'
  return calls ? 'tool_use' : 'end_turn'
}

function omitThinking(block: ContentBlock): ContentBlock {
  return block.type === 'thinking' ? { ...block, thinking: '' } : block
}

function usageOf(content: ContentBlock[], promptUsage: PromptUsage, tier: 'standard' | 'batch'): Usage {
  const thoughts = content.filter((block) => block.type === 'thinking')
  const thought = thoughts.reduce((sum, { thinking }) => sum + textTokens(thinking), 0)
  return {
    input_tokens: promptUsage.input_tokens,
    cache_creation_input_tokens: promptUsage.cache_creation_input_tokens,
    cache_read_input_tokens: promptUsage.cache_read_input_tokens,
    cache_creation: promptUsage.cache_creation,
    output_tokens: countOutputTokens(content),
    output_tokens_details: thoughts.length > 0 ? { thinking_tokens: thought } : null,
    server_tool_use: null,
    service_tier: tier,
    speed: null,
    inference_geo: null,
  }
}
