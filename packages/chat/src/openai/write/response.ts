import type { ContentBlock } from '@enjamb/core'
import type { Reply } from '../../reply.ts'
import type { Fields } from '../read/check-fields.ts'
import { isThinking, sealThinking, type Thinking } from '../reasoning.ts'
import { responseId } from '../response-store.ts'
import { refusalOf } from './refusal.ts'
import { countsOf } from './usage.ts'

export type Item = { type: string; id: string; [field: string]: unknown }

export const incomplete: { readonly [stopReason: string]: string } = {
  max_tokens: 'max_output_tokens',
  model_context_window_exceeded: 'max_output_tokens',
  refusal: 'content_filter',
}

/** What a response says before there is anything in it; `asked` is the request, which it repeats. */
export function head(id: string, model: string, asked: Fields, created: number): object {
  const {
    instructions,
    max_output_tokens,
    parallel_tool_calls,
    tool_choice,
    tools,
    text,
    reasoning,
    temperature,
    top_p,
  } = asked
  const { effort = null, summary, generate_summary } = Object(reasoning) as Fields
  return {
    id: responseId(id),
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: instructions ?? null,
    max_output_tokens: max_output_tokens ?? null,
    metadata: {},
    model,
    output: [],
    parallel_tool_calls: parallel_tool_calls ?? true,
    previous_response_id: asked.previous_response_id ?? null,
    reasoning: { effort, summary: summary ?? generate_summary ?? null },
    store: asked.store === true,
    temperature: temperature ?? 1,
    text: text ?? { format: { type: 'text' } },
    tool_choice: tool_choice ?? 'auto',
    tools: tools ?? [],
    top_p: top_p ?? 1,
    truncation: 'disabled',
    usage: null,
  }
}

/** A whole answer, as responses have it. */
export function toResponse({ id, model, message, stopReason, usage }: Reply, asked: Fields, created: number): object {
  const reason = incomplete[`${stopReason}`]
  const refusal = refusalOf(message)
  const output = message.content.flatMap((block, index) => itemOf(id, block, index) ?? [])
  if (refusal !== null) output.push(messageItem(id, message.content.length, [{ type: 'refusal', refusal }]))
  const { prompt, cached, answer, thinking } = countsOf(usage)
  return {
    ...head(id, model, asked, created),
    status: reason ? 'incomplete' : 'completed',
    incomplete_details: reason ? { reason } : null,
    output,
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: answer,
      output_tokens_details: { reasoning_tokens: thinking },
      total_tokens: prompt + answer,
    },
  }
}

/** What of an answer is shown: its text, its calls and its thinking. */
function itemOf(id: string, block: ContentBlock, index: number): Item | undefined {
  if (block.type === 'text') return messageItem(id, index, [textPart(block.text)])
  if (block.type === 'tool_use') return callItem(block, JSON.stringify(block.input), 'completed')
  if (isThinking(block)) return reasoningItem(id, index, block)
  return undefined
}

export function messageItem(id: string, index: number, content: object[], status = 'completed'): Item {
  return { type: 'message', id: `${id}_${index}`, role: 'assistant', status, content }
}

export function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

export function callItem({ id, name }: { id: string; name: string }, json: string, status: string): Item {
  return { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: json, status }
}

/** With what the client has to send back; where the model shows nothing of its thoughts, there is no summary. */
export function reasoningItem(id: string, index: number, block: Thinking): Item {
  const text = block.type === 'thinking' ? block.thinking : ''
  const summary = text ? [{ type: 'summary_text', text }] : []
  return { type: 'reasoning', id: `rs_${id}_${index}`, summary, encrypted_content: sealThinking(block) }
}
