import type { ContentBlock, StreamEvent } from '@enjamb/core'
import type { Reply } from '../../reply.ts'
import type { Fields } from '../read/check-fields.ts'
import { refusalOf } from './refusal.ts'
import { countsOf } from './usage.ts'

type Item = { type: string; id: string; [field: string]: unknown }

const incomplete: { readonly [stopReason: string]: string } = {
  max_tokens: 'max_output_tokens',
  model_context_window_exceeded: 'max_output_tokens',
  refusal: 'content_filter',
}

/** What a response says before there is anything in it; `asked` is the request, which it repeats. */
function head(id: string, model: string, asked: Fields, created: number): object {
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
  return {
    id: `resp_${id.replace(/^msg_/, '')}`,
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
    previous_response_id: null,
    reasoning: { effort: (reasoning as Fields | undefined)?.effort ?? null, summary: null },
    store: false,
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

/** What of an answer is shown: its text and its calls. */
function itemOf(id: string, block: ContentBlock, index: number): Item | undefined {
  if (block.type === 'text') return messageItem(id, index, [textPart(block.text)])
  if (block.type === 'tool_use') return callItem(block, JSON.stringify(block.input), 'completed')
  return undefined
}

function messageItem(id: string, index: number, content: object[], status = 'completed'): Item {
  return { type: 'message', id: `${id}_${index}`, role: 'assistant', status, content }
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function callItem({ id, name }: { id: string; name: string }, json: string, status: string): Item {
  return { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: json, status }
}

/** An item that is being written. */
interface OpenItem {
  item: Item
  place: number
  written: string
  whole: ContentBlock
}

/** The same in pieces: what each event of the API adds to it. */
export async function* responseEvents(
  events: AsyncIterable<StreamEvent>,
  final: () => Promise<Reply>,
  asked: Fields,
  created: number,
): AsyncGenerator<object, void> {
  let number = 0
  let id = ''
  let places = 0
  const open = new Map<number, OpenItem>()
  const event = (type: string, fields: object) => ({ type: `response.${type}`, sequence_number: number++, ...fields })
  const at = ({ item, place }: OpenItem) => ({ item_id: item.id, output_index: place })

  function* begin(index: number, block: ContentBlock): Generator<object> {
    if (block.type !== 'text' && block.type !== 'tool_use') return
    const item = block.type === 'text' ? messageItem(id, index, [], 'in_progress') : callItem(block, '', 'in_progress')
    const entry: OpenItem = { item, place: places++, written: '', whole: block }
    open.set(index, entry)
    yield event('output_item.added', { output_index: entry.place, item })
    if (block.type !== 'text') return
    yield event('content_part.added', { ...at(entry), content_index: 0, part: textPart('') })
    yield* grow(index, block.text)
  }

  function* grow(index: number, piece: string | undefined): Generator<object> {
    const entry = open.get(index)
    if (!entry || !piece) return
    entry.written += piece
    if (entry.item.type === 'message')
      yield event('output_text.delta', { ...at(entry), content_index: 0, delta: piece, logprobs: [] })
    else yield event('function_call_arguments.delta', { ...at(entry), delta: piece })
  }

  function* end(index: number): Generator<object> {
    const entry = open.get(index)
    if (!entry) return
    const { item, place, whole } = entry
    if (whole.type === 'tool_use') {
      // Some have all of their input in their start, and some have none.
      if (!entry.written) yield* grow(index, JSON.stringify(whole.input ?? {}))
      open.delete(index)
      yield event('function_call_arguments.done', { ...at(entry), name: item.name, arguments: entry.written })
      yield event('output_item.done', { output_index: place, item: callItem(whole, entry.written, 'completed') })
      return
    }
    open.delete(index)
    const part = textPart(entry.written)
    yield event('output_text.done', { ...at(entry), content_index: 0, text: entry.written, logprobs: [] })
    yield event('content_part.done', { ...at(entry), content_index: 0, part })
    yield event('output_item.done', { output_index: place, item: messageItem(id, index, [part]) })
  }

  for await (const one of events) {
    if (one.type === 'message_start') {
      id = one.message.id
      const response = head(id, one.message.model, asked, created)
      yield event('created', { response })
      yield event('in_progress', { response })
    } else if (one.type === 'content_block_start') yield* begin(one.index, one.content_block)
    else if (one.type === 'content_block_stop') yield* end(one.index)
    else if (one.type === 'content_block_delta') {
      const { delta } = one
      if (delta.type === 'text_delta') yield* grow(one.index, delta.text)
      if (delta.type === 'input_json_delta') yield* grow(one.index, delta.partial_json)
    }
  }
  // What is open when the message ends has ended with it.
  for (const index of [...open.keys()]) yield* end(index)
  const reply = await final()
  const refusal = refusalOf(reply.message)
  if (refusal !== null) {
    const item = messageItem(id, reply.message.content.length, [{ type: 'refusal', refusal }])
    yield event('output_item.added', { output_index: places, item: { ...item, status: 'in_progress', content: [] } })
    yield event('output_item.done', { output_index: places, item })
  }
  const isCut = incomplete[`${reply.stopReason}`] !== undefined
  yield event(isCut ? 'incomplete' : 'completed', { response: toResponse(reply, asked, created) })
}
