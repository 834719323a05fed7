import type { StreamEvent, Usage } from '@enjamb/core'
import { messageText, type Reply } from '../../reply.ts'
import { refusalOf } from './refusal.ts'
import { countsOf } from './usage.ts'

const reasons: { readonly [stopReason: string]: string } = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
}

/** Why an answer ended, in OpenAI's words. */
function finishReason(stopReason: string | null): string {
  return reasons[`${stopReason}`] ?? 'stop'
}

/** A whole answer, as chat completions have it. */
export function toCompletion({ id, model, message, stopReason, usage }: Reply, created: number): object {
  const calls = message.content.filter((block) => block.type === 'tool_use')
  const tool_calls = calls.map((block) => ({
    id: block.id,
    type: 'function',
    function: { name: block.name, arguments: JSON.stringify(block.input) },
  }))
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: messageText(message) || null,
          refusal: refusalOf(message),
          ...(calls.length && { tool_calls }),
        },
        logprobs: null,
        finish_reason: finishReason(stopReason),
      },
    ],
    usage: toUsage(usage),
  }
}

function toUsage(usage: Usage): object {
  const { prompt, cached, answer, thinking } = countsOf(usage)
  return {
    prompt_tokens: prompt,
    completion_tokens: answer,
    total_tokens: prompt + answer,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: thinking },
  }
}

/** The same in pieces: what each event of the API adds to it. */
export async function* completionChunks(
  events: AsyncIterable<StreamEvent>,
  final: () => Promise<Reply>,
  created: number,
  includeUsage: boolean,
): AsyncGenerator<object, void> {
  let head = { id: '', object: 'chat.completion.chunk', created, model: '' }
  // A call's place among the calls, by its block's among the blocks.
  const places = new Map<number, number>()
  const withInput = new Set<number>()
  const usage = includeUsage ? { usage: null } : {}
  const piece = (delta: object, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...usage,
  })
  const input = (index: number, json: string) => {
    withInput.add(index)
    return piece({ tool_calls: [{ index: places.get(index), function: { arguments: json } }] })
  }
  for await (const event of events) {
    if (event.type === 'message_start') {
      head = { ...head, id: event.message.id, model: event.message.model }
      yield piece({ role: 'assistant', content: '', refusal: null })
    } else if (event.type === 'content_block_start') {
      const { content_block: block, index } = event
      if (block.type === 'text' && block.text) yield piece({ content: block.text })
      if (block.type !== 'tool_use') continue
      const place = places.size
      places.set(index, place)
      const call = { name: block.name, arguments: '' }
      yield piece({ tool_calls: [{ index: place, id: block.id, type: 'function', function: call }] })
      // Some have all of their input at once.
      if (Object.keys(Object(block.input)).length) yield input(index, JSON.stringify(block.input))
    } else if (event.type === 'content_block_delta') {
      const { delta, index } = event
      if (delta.type === 'text_delta') yield piece({ content: delta.text })
      if (delta.type === 'input_json_delta' && delta.partial_json && places.has(index))
        yield input(index, delta.partial_json)
    } else if (event.type === 'content_block_stop' && places.has(event.index) && !withInput.has(event.index)) {
      yield input(event.index, '{}')
    }
  }
  const reply = await final()
  head = { ...head, model: reply.model }
  const refusal = refusalOf(reply.message)
  if (refusal !== null) yield piece({ refusal })
  yield piece({}, finishReason(reply.stopReason))
  if (includeUsage) yield { ...head, choices: [], usage: toUsage(reply.usage) }
}
