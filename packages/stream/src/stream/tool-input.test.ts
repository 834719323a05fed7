import { createClient, StreamParseError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { fakeFetch } from '../../test/fake-fetch.ts'
import { blockStart, blockStop, delta, frames, messageDelta, start, stop } from '../../test/wire-text.ts'
import { streamMessage, type ToolInputUpdate, toolInput } from '../index.ts'

const call = (index: number, fields: object = {}) => ({
  type: 'content_block_start',
  index,
  content_block: { type: 'tool_use', id: `toolu_${index}`, name: `f${index}`, input: {}, ...fields },
})
const json = (index: number, partial_json: string) => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'input_json_delta', partial_json },
})
const end = (index: number) => ({ type: 'content_block_stop', index })

/** The updates that these chunks come to, each a list of events; what an update holds is copied, as it grows. */
async function updatesOf(...chunks: object[][]): Promise<ToolInputUpdate[]> {
  const fetch = fakeFetch((exchange) => {
    for (const events of chunks) exchange.write(frames(...events))
    exchange.end()
  })
  const client = createClient({ apiKey: 'key', dangerouslyAllowBrowser: true, fetch })
  const params = { model: 'm-1', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
  const updates: ToolInputUpdate[] = []
  for await (const update of toolInput(streamMessage(client, params))) updates.push(structuredClone(update))
  return updates
}

const inputs = (updates: ToolInputUpdate[]) => updates.map(({ index, input, done }) => [index, input, done])

describe('the input of a tool call', () => {
  it('comes with its place, id and name, once for each chunk, and once when it is whole', async () => {
    const updates = await updatesOf(
      [start, blockStart, delta('I look.'), blockStop, call(1), json(1, '')],
      [json(1, '{"a": "x'), json(1, 'y')],
      [json(1, 'z"}'), end(1)],
      [messageDelta, stop],
    )
    const [first, ...rest] = updates
    expect(first).toEqual({ index: 1, id: 'toolu_1', name: 'f1', input: undefined, done: false })
    expect(inputs(rest)).toEqual([
      [1, { a: 'xy' }, false],
      [1, { a: 'xyz' }, true],
    ])
  })

  it('grows beside others, each in its own updates', async () => {
    const updates = await updatesOf(
      [start, call(0), call(2), json(2, '[1'), json(0, '{"a":')],
      [json(0, '1,'), json(2, ',2')],
      [json(0, '"b":2}'), end(0), json(2, ']')],
      [end(2), messageDelta, stop],
    )
    expect(inputs(updates)).toEqual([
      [0, {}, false],
      [2, [], false],
      [0, { a: 1 }, false],
      [2, [1], false],
      [0, { a: 1, b: 2 }, true],
      [2, [1, 2], false],
      [2, [1, 2], true],
    ])
  })

  it('may be that of a server or of MCP, may be empty, and may be whole from the start', async () => {
    const updates = await updatesOf(
      [start, call(0, { type: 'server_tool_use' }), json(0, '{"q":1}'), end(0)],
      [call(1, { type: 'mcp_tool_use' }), end(1)],
      [call(2, { input: { a: 1 } })],
      [end(2), messageDelta, stop],
    )
    expect(inputs(updates)).toEqual([
      [0, { q: 1 }, true],
      [1, {}, true],
      [2, undefined, false],
      [2, { a: 1 }, true],
    ])
  })

  it('has ended when its block has: the end of another block at its place is no news', async () => {
    const updates = await updatesOf([start, call(0), json(0, '{}'), end(0)], [end(0), blockStop], [messageDelta, stop])
    expect(inputs(updates)).toEqual([[0, {}, true]])
  })

  it('is reported like any other where the call is whole in message_start, or its block never stops', async () => {
    const tool = { type: 'tool_use', id: 'toolu_0', name: 'f0', input: { a: 1 } }
    const whole = { ...start, message: { ...start.message, content: [tool] } }
    expect(inputs(await updatesOf([whole, messageDelta, stop]))).toEqual([[0, { a: 1 }, true]])
    expect(inputs(await updatesOf([start, call(0), json(0, '{"b":2}'), messageDelta, stop]))).toEqual([
      [0, { b: 2 }, true],
    ])
  })

  it('is {} where the call starts without one, and streams none', async () => {
    expect(inputs(await updatesOf([start, call(0, { input: undefined }), end(0), messageDelta, stop]))).toEqual([
      [0, {}, true],
    ])
  })

  it('that is no JSON is an error as soon as it shows', async () => {
    await expect(updatesOf([start, call(0), json(0, '{"a": b')])).rejects.toThrow(StreamParseError)
  })
})
