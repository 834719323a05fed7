import type { ContentBlock, StreamEvent } from '@enjamb/core'
import type { UIFinishReason, UIMessageChunk } from './ui-message-chunk.ts'

/** A block whose end is still to come. */
interface OpenBlock {
  id: string
  block: ContentBlock
  json: string
  signature?: string
}

/** Translates the API's events, and those of tools, one by one. */
export interface UIChunks {
  of(event: StreamEvent | { type: string; turn: number }): UIMessageChunk[]
  readonly finishReason: UIFinishReason
}

const reasons: { readonly [stopReason: string]: UIFinishReason } = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content-filter',
  tool_use: 'tool-calls',
}

export function createUIChunks(): UIChunks {
  const open = new Map<number, OpenBlock>()
  const names = new Map<string, string>()
  const cited = new Set<string>()
  let started = 0
  let finishReason: UIFinishReason = 'other'

  function begin(index: number, block: ContentBlock): UIMessageChunk[] {
    const id = `${started++}`
    open.set(index, { id, block, json: '' })
    if (block.type === 'text')
      return [{ type: 'text-start', id }, ...(block.text ? [delta('text', id, block.text)] : [])]
    if (block.type === 'thinking' || block.type === 'redacted_thinking') return [{ type: 'reasoning-start', id }]
    if (isCall(block)) {
      names.set(block.id, block.name)
      return [{ type: 'tool-input-start', toolCallId: block.id, toolName: block.name, ...executedBy(block) }]
    }
    return resultOf(block as { type: string; tool_use_id?: string; content?: unknown })
  }

  function grow(index: number, change: { type: string; [field: string]: unknown }): UIMessageChunk[] {
    const entry = open.get(index)
    if (!entry) return []
    const { id, block } = entry
    if (change.type === 'text_delta') return [delta('text', id, `${change.text}`)]
    if (change.type === 'thinking_delta') return [delta('reasoning', id, `${change.thinking}`)]
    if (change.type === 'signature_delta') entry.signature = `${change.signature}`
    if (change.type === 'citations_delta') return sourceOf(change.citation)
    if (change.type !== 'input_json_delta' || !change.partial_json || !isCall(block)) return []
    entry.json += change.partial_json
    return [{ type: 'tool-input-delta', toolCallId: block.id, inputTextDelta: `${change.partial_json}` }]
  }

  function end(index: number): UIMessageChunk[] {
    const entry = open.get(index)
    open.delete(index)
    if (!entry) return []
    const { id, block, json } = entry
    if (block.type === 'text') return [{ type: 'text-end', id }]
    if (block.type === 'thinking') {
      const signature = entry.signature ?? block.signature
      return [{ type: 'reasoning-end', id, ...(signature && { providerMetadata: { anthropic: { signature } } }) }]
    }
    if (block.type === 'redacted_thinking') {
      return [{ type: 'reasoning-end', id, providerMetadata: { anthropic: { redactedData: block.data } } }]
    }
    if (!isCall(block)) return []
    const head = { toolCallId: block.id, toolName: block.name, ...executedBy(block) }
    return [{ type: 'tool-input-available', ...head, input: inputOf(json, block.input) }]
  }

  /** A server tool's, which is a block of the answer. */
  function resultOf({ type, tool_use_id: id, content }: { type: string; tool_use_id?: string; content?: unknown }) {
    if (!type.endsWith('_tool_result') || !id || !names.has(id)) return []
    const results = Array.isArray(content) ? content : []
    return [
      { type: 'tool-output-available' as const, toolCallId: id, output: content, providerExecuted: true },
      ...results.flatMap(sourceOf),
    ]
  }

  /** A page, once. */
  function sourceOf(given: unknown): UIMessageChunk[] {
    const { url, title } = Object(given) as { url?: unknown; title?: unknown }
    if (typeof url !== 'string' || cited.has(url)) return []
    cited.add(url)
    return [{ type: 'source-url', sourceId: url, url, ...(typeof title === 'string' && { title }) }]
  }

  function ofTools(event: { type: string; [field: string]: unknown }): UIMessageChunk[] {
    const { type, id, result, isError } = event
    if (type !== 'tool_result') return []
    const head = { toolCallId: `${id}` }
    return isError
      ? [{ type: 'tool-output-error', ...head, errorText: textOf(result) }]
      : [{ type: 'tool-output-available', ...head, output: result }]
  }

  function ofEvent(event: StreamEvent): UIMessageChunk[] {
    switch (event.type) {
      case 'message_start':
        return [{ type: 'start-step' }, ...event.message.content.flatMap((block, index) => begin(index, block))]
      case 'content_block_start':
        return begin(event.index, event.content_block)
      case 'content_block_delta':
        return grow(event.index, event.delta as never)
      case 'content_block_stop':
        return end(event.index)
      case 'message_delta':
        finishReason = reasons[`${event.delta.stop_reason}`] ?? 'other'
        return []
      case 'message_stop':
        // What is open when the message ends has ended with it.
        return [...[...open.keys()].flatMap(end), { type: 'finish-step' }]
      default:
        return []
    }
  }

  return {
    of(event) {
      if (!('turn' in event)) return ofEvent(event)
      const inner = (event as { event?: StreamEvent }).event
      return inner ? ofEvent(inner) : ofTools(event)
    },
    get finishReason() {
      return finishReason
    },
  }
}

function delta(kind: 'text' | 'reasoning', id: string, text: string): UIMessageChunk {
  return { type: `${kind}-delta`, id, delta: text }
}

type Call = Extract<ContentBlock, { type: 'tool_use' | 'server_tool_use' }>

function isCall(block: ContentBlock): block is Call {
  return block.type.endsWith('tool_use')
}

function executedBy({ type }: Call): { providerExecuted?: true } {
  return type === 'tool_use' ? {} : { providerExecuted: true }
}

function inputOf(json: string, whole: unknown): unknown {
  try {
    return json ? JSON.parse(json) : (whole ?? {})
  } catch {
    return { INVALID_JSON: json }
  }
}

/** The text of a result, which is one or has blocks of it. */
function textOf(result: unknown): string {
  const content = Object(result).content ?? result
  if (!Array.isArray(content)) return `${content}`
  return content.flatMap(({ text }: { text?: string }) => text ?? []).join('\n')
}
