import type { ContentBlock, StreamEvent } from '@enjamb/core'
import type { Reply } from '../../reply.ts'
import type { Fields } from '../read/check-fields.ts'
import { isThinking } from '../reasoning.ts'
import { refusalOf } from './refusal.ts'
import { callItem, head, type Item, incomplete, messageItem, reasoningItem, textPart, toResponse } from './response.ts'

/** An item that is being written. */
interface OpenItem {
  item: Item
  place: number
  written: string
  whole: ContentBlock
}

/** A whole answer, as {@link toResponse} gives it, in pieces: what each event of the API adds to it. */
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
    const item = begunItem(id, index, block)
    if (!item) return
    const entry: OpenItem = { item, place: places++, written: '', whole: block }
    open.set(index, entry)
    yield event('output_item.added', { output_index: entry.place, item })
    if (block.type === 'thinking') yield* grow(index, block.thinking)
    if (block.type !== 'text') return
    yield event('content_part.added', { ...at(entry), content_index: 0, part: textPart('') })
    yield* grow(index, block.text)
  }

  function* grow(index: number, piece: string | undefined): Generator<object> {
    const entry = open.get(index)
    if (!entry || !piece) return
    const isFirst = !entry.written
    entry.written += piece
    if (entry.item.type === 'reasoning') {
      const of = { ...at(entry), summary_index: 0 }
      if (isFirst) yield event('reasoning_summary_part.added', { ...of, part: { type: 'summary_text', text: '' } })
      yield event('reasoning_summary_text.delta', { ...of, delta: piece })
    } else if (entry.item.type === 'message')
      yield event('output_text.delta', { ...at(entry), content_index: 0, delta: piece, logprobs: [] })
    else yield event('function_call_arguments.delta', { ...at(entry), delta: piece })
  }

  function sign(index: number, signature: string): void {
    const entry = open.get(index)
    if (entry?.whole.type === 'thinking') entry.whole = { ...entry.whole, signature }
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
    if (isThinking(whole)) {
      const of = { ...at(entry), summary_index: 0 }
      const text = entry.written
      if (text) yield event('reasoning_summary_text.done', { ...of, text })
      if (text) yield event('reasoning_summary_part.done', { ...of, part: { type: 'summary_text', text } })
      const block = whole.type === 'thinking' ? { ...whole, thinking: text } : whole
      yield event('output_item.done', { output_index: place, item: reasoningItem(id, index, block) })
      return
    }
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
      if (delta.type === 'thinking_delta') yield* grow(one.index, delta.thinking)
      if (delta.type === 'signature_delta') sign(one.index, delta.signature)
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

function begunItem(id: string, index: number, block: ContentBlock): Item | undefined {
  if (block.type === 'text') return messageItem(id, index, [], 'in_progress')
  if (block.type === 'tool_use') return callItem(block, '', 'in_progress')
  if (isThinking(block)) return { ...reasoningItem(id, index, block), summary: [], encrypted_content: null }
  return undefined
}
