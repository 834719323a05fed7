import type { ContentBlock, ContentBlockDelta, Message, MessageDeltaUsage, StreamEvent, Usage } from '@enjamb/core'
import type { Random } from '../random/create-random.ts'
import { cutIntoPieces } from './cut-into-pieces.ts'

/** The events that stream a message, cut up as the API cuts it, with a ping after the first block's start. */
export function* messageEvents(message: Message, random: Random): Generator<StreamEvent> {
  yield {
    type: 'message_start',
    message: {
      ...message,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: { ...message.usage, output_tokens: 1, output_tokens_details: null },
    },
  }
  for (const [index, block] of message.content.entries()) {
    yield { type: 'content_block_start', index, content_block: emptied(block) }
    if (index === 0) yield { type: 'ping' }
    for (const delta of deltas(block, random)) yield { type: 'content_block_delta', index, delta }
    yield { type: 'content_block_stop', index }
  }
  const { container, stop_details, stop_reason, stop_sequence } = message
  yield {
    type: 'message_delta',
    delta: { container, stop_details, stop_reason, stop_sequence },
    usage: finalUsage(message.usage),
  }
  yield { type: 'message_stop' }
}

/** A block as it starts: with nothing in it that deltas bring later. */
function emptied(block: ContentBlock): ContentBlock {
  switch (block.type) {
    case 'text':
      return { ...block, text: '', ...(block.citations ? { citations: [] } : {}) }
    case 'thinking':
      return { ...block, thinking: '', signature: '' }
    case 'tool_use':
    case 'server_tool_use':
      return { ...block, input: {} }
    default:
      if (isCompaction(block)) return { ...(block as object), content: null } as unknown as ContentBlock
      return isMCPToolUse(block) ? ({ ...(block as object), input: {} } as ContentBlock) : block
  }
}

function* deltas(block: ContentBlock, random: Random): Generator<ContentBlockDelta> {
  switch (block.type) {
    case 'text':
      for (const citation of block.citations ?? []) yield { type: 'citations_delta', citation }
      for (const text of cutIntoPieces(block.text, random)) yield { type: 'text_delta', text }
      return
    case 'thinking':
      for (const thinking of cutIntoPieces(block.thinking, random)) yield { type: 'thinking_delta', thinking }
      yield { type: 'signature_delta', signature: block.signature }
      return
    case 'tool_use':
    case 'server_tool_use':
      yield* inputDeltas(block.input, random)
      return
    default:
      if (isCompaction(block)) yield compactionDelta(block)
      if (isMCPToolUse(block)) yield* inputDeltas((block as unknown as { input: unknown }).input, random)
  }
}

function* inputDeltas(input: unknown, random: Random): Generator<ContentBlockDelta> {
  const json = JSON.stringify(input)
  // A tool without input has no delta at all; any other begins with an empty one.
  if (json === '{}') return
  yield { type: 'input_json_delta', partial_json: '' }
  for (const piece of cutIntoPieces(json, random)) yield { type: 'input_json_delta', partial_json: piece }
}

function compactionDelta(block: object): ContentBlockDelta {
  const { content } = block as { content?: unknown }
  return { type: 'compaction_delta', content } as unknown as ContentBlockDelta
}

/** Blocks in beta, which the types do not know. */
function isCompaction({ type }: { type: string }): boolean {
  return type === 'compaction'
}

function isMCPToolUse(block: { type: string }): boolean {
  return block.type === 'mcp_tool_use'
}

function finalUsage(usage: Usage): MessageDeltaUsage {
  return {
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cache_creation_input_tokens: usage.cache_creation_input_tokens,
    cache_read_input_tokens: usage.cache_read_input_tokens,
    output_tokens_details: usage.output_tokens_details,
    server_tool_use: usage.server_tool_use,
    ...('iterations' in usage ? { iterations: usage.iterations } : {}),
  }
}
