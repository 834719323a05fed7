import type { ContentBlock, JSONValue, StreamEvent } from '@enjamb/core'
import { createPartialJSON, type PartialJSON } from '../partial-json/create-partial-json.ts'
import type { MessageStream } from './message-stream.ts'

/** A tool call whose input is arriving, or has arrived. */
export interface ToolInputUpdate {
  /** The block's place in the message. */
  index: number
  /** The call's id, which its `tool_result` names. */
  id: string
  /** The tool's name. */
  name: string
  /** The input so far; `undefined` before its first character. One object that grows in place: copy what has to stay. */
  input: JSONValue | undefined
  /** The block has ended, and `input` is whole. */
  done: boolean
}

interface OpenCall extends Pick<ToolInputUpdate, 'index' | 'id' | 'name'> {
  json: PartialJSON
  whole: JSONValue
}

/**
 * Follows the inputs of tool calls while they are being written, at linear cost: an update for each network chunk that
 * brings more of a call, and one at its end. It reads the stream, so it stands in place of a loop over its events.
 *
 * @throws {StreamParseError} an input is no JSON; and as every way of reading a {@link MessageStream}
 * @example
 * for await (const { name, input, done } of toolInput(stream)) render(name, input, done)
 */
export async function* toolInput(stream: MessageStream): AsyncGenerator<ToolInputUpdate, void, undefined> {
  const open = new Map<number, OpenCall>()
  for await (const events of stream.batches()) {
    const changed = new Set<OpenCall>()
    for (const event of events) {
      const done = event.type === 'content_block_stop' || event.type === 'message_stop'
      for (const call of follow(open, event)) {
        changed.add(call)
        if (!done) continue
        changed.delete(call)
        open.delete(call.index)
        yield toUpdate(stream, call, true)
      }
    }
    for (const call of changed) yield toUpdate(stream, call, false)
  }
}

/** The calls that an event brings something of. */
function follow(open: Map<number, OpenCall>, event: StreamEvent): OpenCall[] {
  if (event.type === 'message_start') return event.message.content.flatMap((block, index) => begin(open, index, block))
  if (event.type === 'content_block_start') return begin(open, event.index, event.content_block)
  // What is open when the message ends has ended with it.
  if (event.type === 'message_stop') return [...open.values()]
  const call = 'index' in event && open.get(event.index)
  if (!call) return []
  if (event.type === 'content_block_delta') {
    if (event.delta.type !== 'input_json_delta') return []
    call.json.push(event.delta.partial_json)
  }
  return [call]
}

function begin(open: Map<number, OpenCall>, index: number, block: ContentBlock): OpenCall[] {
  if (!block.type.endsWith('tool_use')) return []
  const { id, name, input } = block as { id: string; name: string; input?: JSONValue }
  const call = { index, id, name, json: createPartialJSON(), whole: input || {} }
  open.set(index, call)
  return [call]
}

function toUpdate(stream: MessageStream, { index, id, name, json, whole }: OpenCall, done: boolean): ToolInputUpdate {
  // A loop may have aborted it between two updates of one chunk.
  // biome-ignore lint/complexity/useLiteralKeys: what is private to all others
  stream['assertGoingOn']()
  // A call without input streams none, and some calls have all of it in their start.
  return { index, id, name, input: json.value ?? (done ? whole : undefined), done }
}
