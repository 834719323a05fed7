import { type ContentBlock, type MessageParam, type StreamEvent, withOptions } from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { clientOf, collect, mock, params, sentMessages, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import { toolset } from '../toolset.ts'
import { withPermission } from './layers/with-permission.ts'
import type { RunOptions } from './run-options.ts'
import { runTools } from './run-tools.ts'

const ran = vi.fn((input: { path?: string }) => `read ${input.path}`)
const read = defineTool({
  name: 'read',
  description: 'Reads.',
  input: { type: 'object', properties: { path: { type: 'string' } } },
  run: ran,
})
const use = (fields: object = {}) => ({ type: 'tool_use', id: 'toolu_1', name: 'read', input: {}, ...fields })

/** A reply as its events; blocks without a stop where `open` says so. */
function reply(blocks: { block: object; json?: string; open?: boolean }[], stop_reason = 'tool_use'): StreamEvent[] {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-5-5',
    content: [],
    usage: {},
  }
  return [
    { type: 'message_start', message },
    ...blocks.flatMap(({ block, json, open }, index) => [
      { type: 'content_block_start', index, content_block: block },
      ...(json === undefined
        ? []
        : [{ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } }]),
      ...(open ? [] : [{ type: 'content_block_stop', index }]),
    ]),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: {} },
    { type: 'message_stop' },
  ] as unknown as StreamEvent[]
}

const text = (words: string) => ({ block: { type: 'text', text: words } })
const done = reply([text('Done.')], 'end_turn')

/** What the tool got, and what there is of the run in the end, after these replies and one that says that all is done. */
async function runOf(replies: StreamEvent[][], options: RunOptions & { fallbacks?: unknown } = {}) {
  ran.mockClear()
  const { fallbacks, ...rest } = options
  const given = { ...params([read]), ...(fallbacks ? { fallbacks } : {}) } as never
  const run = runTools(clientOf(...replies, done), given, rest)
  const error = await run.final().then(
    () => undefined,
    (error: { code: string }) => error,
  )
  return { got: ran.mock.calls.map(([input]) => input), calls: run.calls, messages: run.messages, error, run }
}

describe('a call', () => {
  test('whose block is still open when the message ends is made with the input that was streamed', async () => {
    const { got, messages } = await runOf([reply([{ block: use(), json: '{"path": "a"}', open: true }])])
    expect(got).toEqual([{ path: 'a' }])
    expect(messages[1]).toMatchObject({ content: [{ input: { path: 'a' } }] })
  })

  test('of a message that was truly cut is not made, with whatever had come of it', async () => {
    for (const cut of [1, 2]) {
      const events = reply([{ block: use(), json: '{"path": "a"}', open: true }]).slice(0, -cut)
      const { got, error, messages } = await runOf([events])
      expect([got, error?.code, messages]).toEqual([[], 'stream_interrupted', [user('Go.')]])
    }
  })

  test.each([undefined, '', null, {}])('that starts with %j for its input, and gets none, has none', async (input) => {
    const { got, messages } = await runOf([reply([{ block: use({ input }) }])])
    expect(got).toEqual([{}])
    expect(messages[1]).toMatchObject({ content: [{ input: {} }] })
  })

  test.each([
    ['{"path": a.txt}', '{"path": a.txt}'],
    ['{"path": "a', '{"path": "a'],
    ['["a"]', '["a"]'],
    ['7', '7'],
  ])('with input that is no JSON object, %s, is answered with that, and the run goes on', async (json, shown) => {
    const asked = vi.fn(() => ({ allow: true }) as const)
    for (const open of [false, true]) {
      const replies = [reply([text('So.'), { block: use(), json, open }])]
      const { got, calls, messages, error } = await runOf(replies, { permission: withPermission(asked) })
      expect([got, error]).toEqual([[], undefined])
      expect(calls).toMatchObject([
        { isError: true, result: expect.stringContaining(`input: is no JSON object: ${shown}\nCorrect it`) },
      ])
      expect(messages[1]?.content).toMatchObject([{}, { input: { INVALID_JSON: json } }])
      expect(messages.at(-1)?.content).toMatchObject([{ text: 'Done.' }])
    }
    expect(asked).not.toHaveBeenCalled()
  })

  test('with input that is no JSON is not made by a toolset, either', async () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'read', input: { INVALID_JSON: '{' } } as const
    expect(await toolset([read]).call(call)).toMatchObject({ is_error: true })
  })

  test('that comes whole in message_start is made', async () => {
    const [start, ...rest] = reply([], 'tool_use')
    const whole = { ...(start as { message: object }).message, content: [use({ input: { path: 'a' } })] }
    const { got } = await runOf([[{ type: 'message_start', message: whole } as never, ...rest]])
    expect(got).toEqual([{ path: 'a' }])
  })

  test('that the reply ends for and does not have is an error that may be gone the next time', async () => {
    for (const blocks of [[], [text('Let me see.')]]) {
      const { error, messages, run } = await runOf([reply(blocks)])
      expect(error).toMatchObject({ code: 'connection', retryable: true, partial: { stop_reason: 'tool_use' } })
      expect(messages).toEqual([user('Go.')])
      expect(run.usage).toBeDefined()
    }
  })
})

describe('where another model answered for one that declined', () => {
  const fallback = {
    block: { type: 'fallback', from: { model: 'claude-fable-5-2' }, to: { model: 'claude-opus-5-5' } },
  }
  const thinking = { block: { type: 'thinking', thinking: 'Hm.', signature: 's' } }
  const search = { block: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} } }
  const declined = { block: use({ id: 'toolu_0', input: { path: 'declined' } }) }
  const asked = { block: use({ input: { path: 'asked' } }) }

  test('the calls of the first are not made, and nothing of it is sent back but its text', async () => {
    const blocks = [thinking, text('One.'), declined, search, fallback, thinking, asked]
    const { got, messages } = await runOf([reply(blocks)], { fallbacks: 'default' } as never)
    expect(got).toEqual([{ path: 'asked' }])
    const types = (messages[1]!.content as ContentBlock[]).map(({ type }) => type)
    expect(types).toEqual(['text', 'fallback', 'thinking', 'tool_use'])
    expect(messages[2]).toMatchObject({ content: [{ tool_use_id: 'toolu_1' }] })
  })

  test('the run ends where the second asks for nothing', async () => {
    const { got, messages, error } = await runOf([reply([declined, fallback, text('No.')], 'end_turn')], {
      fallbacks: 'default',
    } as never)
    expect([got, error]).toEqual([[], undefined])
    expect(messages).toMatchObject([user('Go.'), { content: [{ type: 'fallback' }, { text: 'No.' }] }])
  })
})

test('a run that is told to compact does so once, and goes on', async () => {
  const bodies: { compaction?: unknown }[] = []
  const compacted = reply([{ block: { type: 'compaction', content: 'So far.' } }], 'compaction')
  const client = clientOf(compacted, done)
  const layer: (typeof client.middleware)[number] = (request, next) => {
    bodies.push(JSON.parse(request.body as string))
    return next(request)
  }
  const given = { ...params([read]), compaction: { type: 'summarize' } } as never
  const { turns } = await runTools(withOptions(client, { middleware: [layer] }), given).final()
  expect(turns).toBe(2)
  expect(bodies.map(({ compaction }) => compaction)).toEqual([{ type: 'summarize' }, undefined])
})

test('a tool that a system message has withdrawn does not run when it is called anyway, until it is given back', async () => {
  const change = (type: string) =>
    ({ role: 'system', content: [{ type, tool: { type: 'tool_reference', name: 'read' } }] }) as unknown as MessageParam
  const replies = [1, 2].map((n) => reply([{ block: use({ id: `toolu_${n}`, input: { path: `${n}` } }) }]))
  ran.mockClear()
  const { calls } = await runTools(clientOf(...replies, done), params([read]), {
    beforeTurn: ({ turn, messages }) => ({
      messages: [...messages, ...(turn < 3 ? [change(turn === 1 ? 'tool_removal' : 'tool_addition')] : [])],
    }),
  }).final()
  expect(ran.mock.calls.map(([input]) => input)).toEqual([{ path: '2' }])
  expect(calls[0]).toMatchObject({ isError: true, result: 'There is no tool "read" any more.' })
})

test('an abort leaves no call behind that a server tool\u2019s code made, nor its result', async () => {
  const code = { block: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'code_execution', input: { code: '…' } } }
  const made = { block: use({ caller: { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' } }) }
  const plain = { block: use({ id: 'toolu_2', caller: { type: 'direct' } }) }
  for (const [blocks, kept] of [
    [[text('So.'), code, made], ['text']],
    [
      [text('So.'), code, made, plain],
      ['text', 'tool_use'],
    ],
    [[code, made], undefined],
  ] as const) {
    const run = runTools(clientOf(reply([...blocks]), done), params([read]))
    let left = blocks.filter(({ block }) => block.type === 'tool_use').length
    for await (const { type } of run) if (type === 'tool_result' && !--left) break
    const [, answer, results] = run.messages
    expect((answer?.content as ContentBlock[] | undefined)?.map(({ type }) => type)).toEqual(kept)
    expect(results ? (results.content as unknown[]).length : 0).toBe(kept?.includes('tool_use' as never) ? 1 : 0)
  }
})

test('half a surrogate pair leaves nowhere, be it the model\u2019s own, a tool\u2019s or the user\u2019s', async () => {
  const half = 'a\ud83d'
  const speak = defineTool({
    name: 'speak',
    description: `Speaks ${half}.`,
    input: { type: 'object' },
    run: (): unknown => [
      { type: 'search_result', source: half, title: half, content: [{ type: 'text', text: half }] },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: half } },
      { type: 'text', text: half },
    ],
  })
  const { client, server } = await mock({ toolCalls: [{ name: 'speak', input: { path: half } }] }, 'Done.')
  const given = { ...params([speak], [user(half)]), system: half }
  await collect(runTools(client, given))
  const sent = JSON.stringify(server.requests.map(({ body }) => body))
  expect(sentMessages(server)[1]).toHaveLength(3)
  expect(sent.match(/a\ufffd/g)?.length).toBeGreaterThanOrEqual(8)
  expect(sent).not.toContain('\\ud83d')
})

test('a long history is looked through once, not at every turn', async () => {
  let looks = 0
  const watched = (content: string): MessageParam => ({
    role: 'user',
    get content() {
      looks++
      return content
    },
  })
  const looksAt = async (turns: number) => {
    const history = Array.from({ length: 50 }, (_, index) => watched(`${index}`))
    looks = 0
    const replies = Array.from({ length: turns }, (_, n) => reply([{ block: use({ id: `toolu_${n}` }) }]))
    await runTools(clientOf(...replies, done), params([read], history)).final()
    return looks / 50
  }
  // The JSON is written for each request, and once each for what else is asked of a message.
  const [few, many] = [await looksAt(2), await looksAt(12)]
  expect(many - few).toBe(10)
})
