import { type Client, createClient, type MessageParams, withOptions } from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { clientOf, collect, gate, mock, params, sentMessages, user } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { withPermission } from '../layers/with-permission.ts'
import type { AroundCall } from '../run-options.ts'
import { runTools } from '../run-tools.ts'

const input = { type: 'object', properties: { n: { type: 'number' } } } as const
const step = (n: number) => ({ name: 'step', input: { n } })
const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } }
const web = { type: 'web_search_20250305', name: 'web_search' } as const

/** A tool that waits for its gate, if it has one, and notes what it was called with. */
function stepping(traits: { readOnly?: boolean } = {}, opened?: Promise<void>) {
  const made: number[] = []
  const tool = defineTool({
    ...{ name: 'step', description: 'Steps.', input },
    ...traits,
    async run({ n = 0 }) {
      made.push(n)
      await opened
      return `did ${n}`
    },
  })
  return { tool, made }
}

const eventStream = { 'content-type': 'text/event-stream' }
/** A reply of a call whose block has no end, which the mock server does not make. */
const unstopped = [
  {
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], usage: {} },
  },
  {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'step', input: {} },
  },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
]

/** Calls back when a request is over, and what came of it has gone through the loop. */
const onceOver = (client: Client, callback: () => void): Client =>
  withOptions(client, {
    middleware: [
      (request, next) => {
        request.onOutcome(() => setImmediate(callback))
        return next(request)
      },
    ],
  })

describe('a turn', () => {
  test('shows the result of every call, where several end at the same moment', async () => {
    const { opened, open } = gate()
    const { tool } = stepping({ readOnly: true }, opened)
    const { client } = await mock({ toolCalls: [1, 2, 3].map(step) }, 'Done.')
    const events = await collect(runTools(onceOver(client, open), params([tool])))
    const results = events.flatMap((event) => (event.type === 'tool_result' ? [event.result] : []))
    expect(results).toEqual(['did 1', 'did 2', 'did 3'])
  })

  test('starts a call though the reader rests at the event that completed it', async () => {
    const { tool, made } = stepping()
    const { client } = await mock({ toolCalls: [step(1)] }, 'Done.')
    for await (const event of runTools(client, params([tool]))) {
      if (event.type !== 'stream' || event.event.type !== 'content_block_stop') continue
      await new Promise((resolve) => setImmediate(resolve))
      expect(made).toEqual([1])
      break
    }
  })

  test('reads no more of a reply than its reader has asked for', async () => {
    let chunks = 0
    const text = (words: string) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: words },
    })
    const events = [
      unstopped[0]!,
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...['One. ', 'Two. ', 'Three.'].map(text),
      { type: 'message_stop' },
    ]
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const event = events[chunks++]
      if (!event) return controller.close()
      controller.enqueue(new TextEncoder().encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
    }
    const fetch = async () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { headers: eventStream })
    const client = createClient({ apiKey: 'test', fetch })
    for await (const event of runTools(client, params([]))) {
      if (event.type !== 'stream' || event.event.type !== 'content_block_delta') continue
      await new Promise((resolve) => setImmediate(resolve))
      expect(chunks).toBe(3)
      break
    }
  })

  test('stands in the history, with the results, when its end is told', async () => {
    const { tool } = stepping()
    const { client } = await mock({ toolCalls: [step(1)] }, 'Done.')
    const run = runTools(client, params([tool]))
    const lengths: number[] = []
    for await (const { type } of run) if (/^turn/.test(type)) lengths.push(run.messages.length)
    expect(lengths).toEqual([1, 3, 3, 4])
  })

  test('starts a call without input when the next block begins', async () => {
    const { tool, made } = stepping()
    const content = [
      { type: 'tool_use', name: 'step', input: {} },
      { type: 'text', text: 'Now wait.' },
    ]
    const { client } = await mock({ content, stopReason: 'tool_use' }, 'Done.')
    for await (const event of runTools(client, params([tool]))) {
      if (event.type !== 'stream' || event.event.type !== 'content_block_start' || event.event.index === 0) continue
      await new Promise((resolve) => setImmediate(resolve))
      expect(made).toEqual([0])
      break
    }
  })

  test('answers a call that comes with no input at all', async () => {
    const [start, , ...rest] = unstopped
    const content_block = { type: 'tool_use', id: 'toolu_1', name: 'step' }
    const block = [
      { type: 'content_block_start', index: 0, content_block },
      { type: 'content_block_stop', index: 0 },
    ]
    const events = [start, ...block, ...rest]
    const { tool } = stepping()
    const run = runTools(clientOf(events as never), params([tool]), { maxTurns: 1 })
    await expect(run.final()).rejects.toMatchObject({ code: 'turn_limit' })
    expect(run.calls).toMatchObject([{ input: {}, isError: false }])
  })

  test('makes a call whose block is never said to end, where the reply is whole', async () => {
    const { tool, made } = stepping()
    const { client, server } = await mock(
      {
        raw: unstopped.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
        headers: eventStream,
      },
      'Done.',
    )
    await runTools(client, params([tool])).final()
    expect(made).toEqual([0])
    expect(sentMessages(server)[1]).toMatchObject([{}, { content: [{ id: 'toolu_1' }] }, { content: [{}] }])
  })

  test('may be paused while a call of yours is open, and goes on with its result', async () => {
    const { tool } = stepping()
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }
    const { client } = await mock(
      { content: [search, { type: 'tool_use', ...step(1) }], stopReason: 'pause_turn' },
      { content: [found, { type: 'text', text: 'Done.' }] },
    )
    const { messages } = await runTools(client, params([tool, web])).final()
    expect(messages).toMatchObject([
      user('Go.'),
      { role: 'assistant', content: [search, { type: 'tool_use' }] },
      { role: 'user', content: [{ content: 'did 1' }] },
      { role: 'assistant', content: [found, { text: 'Done.' }] },
    ])
  })

  test('that continues a paused one of an earlier run is one message with it', async () => {
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }
    const { client } = await mock(
      { content: [{ type: 'text', text: 'Searching.' }, search], stopReason: 'pause_turn' },
      { content: [found, { type: 'text', text: 'Done.' }] },
    )
    const limited = runTools(client, params([web]), { maxTurns: 1 })
    await expect(limited.final()).rejects.toMatchObject({ code: 'turn_limit' })
    const { messages } = await runTools(client, params([web], limited.messages)).final()
    expect(messages).toMatchObject([
      user('Go.'),
      { role: 'assistant', content: [{ text: 'Searching.' }, search, found, { text: 'Done.' }] },
    ])
  })

  test('that continues a paused one after a new prompt leaves both as they are', async () => {
    const compacted = { type: 'compaction', content: 'So far nothing.' }
    const { client } = await mock({ content: [compacted], stopReason: 'compaction' as never }, 'Done.')
    const { messages } = await runTools(client, params([]), {
      betas: ['compact-2026-01-12'],
      beforeTurn: ({ turn, messages }) => (turn === 2 ? { messages: [...messages, user('Go on.')] } : undefined),
    }).final()
    expect(messages).toMatchObject([
      user('Go.'),
      { role: 'assistant', content: [compacted] },
      user('Go on.'),
      { role: 'assistant', content: [{ text: 'Done.' }] },
    ])
  })

  test('after the beginning of an answer leaves it as it was given', async () => {
    const begun = { role: 'assistant' as const, content: 'The answer is' }
    const { client } = await mock('42.')
    const given = { ...params([], [user('Go.'), begun]), model: 'claude-haiku-4-5' }
    const { messages } = await runTools(client, given).final()
    expect(messages).toMatchObject([user('Go.'), begun, { role: 'assistant', content: [{ text: '42.' }] }])
  })

  test('that stops for compaction goes on', async () => {
    const compacted = { type: 'compaction', content: 'So far nothing.' }
    const { client, server } = await mock({ content: [compacted], stopReason: 'compaction' as never }, 'Done.')
    const { messages } = await runTools(client, params([]), { betas: ['compact-2026-01-12'] }).final()
    expect(server.requests).toHaveLength(2)
    expect(messages).toMatchObject([user('Go.'), { content: [compacted, { text: 'Done.' }] }])
  })

  test('leaves a tool_choice that forces nothing as it is', async () => {
    const paused = { content: [{ type: 'text', text: 'Wait.' }, search], stopReason: 'pause_turn' as const }
    const { client, server } = await mock(paused, 'Done.')
    await runTools(client, { ...params([web]), tool_choice: { type: 'none' } }).final()
    expect(server.requests.map(({ body }) => (body as MessageParams).tool_choice)).toEqual([
      { type: 'none' },
      { type: 'none' },
    ])
  })

  test('makes no call of a reply that is known to be refused', async () => {
    const { tool, made } = stepping({ readOnly: true })
    const content = [
      { type: 'tool_use', ...step(1) },
      { type: 'text', text: 'No.' },
    ]
    // All of it in one piece.
    const { client } = await mock({ content, stopReason: 'refusal', chunkBytes: 1_000_000 })
    const { calls, messages } = await runTools(client, params([tool])).final()
    expect([made, calls]).toEqual([[], []])
    expect(messages).toMatchObject([user('Go.'), { role: 'assistant', content: [{ type: 'text', text: 'No.' }] }])
  })

  test('that is cut off in its text makes the calls before it, those that wait, too', async () => {
    const { opened, open } = gate()
    const { tool, made } = stepping({}, opened)
    const content = [...[1, 2].map((n) => ({ type: 'tool_use', ...step(n) })), { type: 'text', text: 'And' }]
    const { client } = await mock({ content, stopReason: 'max_tokens' }, 'Done.')
    const { message } = await runTools(onceOver(client, open), params([tool])).final()
    expect(message.content).toMatchObject([{ text: 'Done.' }])
    expect(made).toEqual([1, 2])
  })

  test('that is refused after a call was made keeps its result, and is the last', async () => {
    const { tool, made } = stepping({ readOnly: true })
    const { client, server } = await mock({
      content: [
        { type: 'tool_use', ...step(1) },
        { type: 'text', text: 'No.' },
      ],
      stopReason: 'refusal',
      eventDelayMs: 1,
    })
    const { message, messages } = await runTools(client, params([tool])).final()
    expect(message.stop_reason).toBe('refusal')
    expect(made).toEqual([1])
    expect(messages.at(-1)).toMatchObject({ role: 'user', content: [{ content: 'did 1' }] })
    expect(server.requests).toHaveLength(1)
  })
})

describe.each([
  ['that is refused', 'refusal', { type: 'text', text: 'No.' }],
  ['that is cut off inside a call', 'max_tokens', { type: 'tool_use', name: 'step', input: {} }],
] as const)('a reply %s', (_, stopReason, last) => {
  test('leaves unmade the calls that wait for others', async () => {
    const { opened, open } = gate()
    const { tool, made } = stepping({}, opened)
    const content = [...[1, 2].map((n) => ({ type: 'tool_use', ...step(n) })), last]
    const { client } = await mock({ content, stopReason, eventDelayMs: 1 })
    const run = runTools(onceOver(client, open), params([tool]))
    await run.final().catch(() => {})
    expect(made).toEqual([1])
    expect(run.calls.map(({ result }) => result)).toEqual(['did 1', 'Interrupted before it started: nothing was run.'])
  })
})

describe('a reply that breaks off', () => {
  test('leaves unmade the calls that wait for others', async () => {
    const { opened, open } = gate()
    const { tool, made } = stepping({}, opened)
    const { client } = await mock({ toolCalls: [step(1), step(2)], cutAfterEvents: -2 })
    const aroundCall = vi.fn<AroundCall>((_, make) => make())
    const run = runTools(onceOver(client, open), params([tool]), { aroundCall })
    await expect(run.final()).rejects.toMatchObject({ code: 'stream_interrupted' })
    expect(made).toEqual([1])
    expect(aroundCall).toHaveBeenCalledTimes(1)
    expect(run.calls.map(({ result }) => result)).toEqual(['did 1', 'Interrupted before it started: nothing was run.'])
  })

  test('leaves unmade the calls that somebody is still asked about', async () => {
    const { opened, open } = gate()
    const { tool, made } = stepping()
    const { client } = await mock({ toolCalls: [step(1)], cutAfterEvents: -2 })
    const run = runTools(onceOver(client, open), params([tool]), {
      permission: withPermission(() => opened.then(() => ({ allow: true }))),
    })
    await expect(run.final()).rejects.toMatchObject({ code: 'stream_interrupted' })
    expect(made).toEqual([])
    expect(run.calls).toMatchObject([{ isError: true, result: 'Interrupted before it started: nothing was run.' }])
  })

  test('is left out of the history where it asked for nothing yet', async () => {
    const { client } = await mock({ text: 'One. Two. Three.', cutAfterEvents: 5 })
    const run = runTools(client, params([]))
    await expect(run.final()).rejects.toMatchObject({ code: 'stream_interrupted' })
    expect(run.messages).toEqual([user('Go.')])
    expect(run.message?.content).toMatchObject([{ type: 'text' }])
    expect(run.usage?.input_tokens).toBeGreaterThan(0)
  })

  test('keeps beside its calls the text so far, and nothing else that is not whole', async () => {
    const { tool } = stepping({ readOnly: true })
    const content = [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_use', ...step(1) },
      search,
      { type: 'text', text: 'And now' },
    ]
    for (const [events, kept] of [
      [-6, ['text', 'tool_use']],
      [-3, ['text', 'tool_use', 'server_tool_use', 'text']],
    ] as const) {
      const { client } = await mock({ content, cutAfterEvents: events })
      const run = runTools(client, params([tool, web]))
      await expect(run.final()).rejects.toMatchObject({ code: 'stream_interrupted' })
      const [, reply] = run.messages
      expect(reply?.content).toMatchObject(kept.map((type) => ({ type })))
      expect(run.message?.content).toHaveLength(events === -6 ? 3 : 4)
    }
  })
})

test('a reply cut off inside its first call is left out of the history', async () => {
  const { tool, made } = stepping()
  const { client } = await mock({
    content: [
      { type: 'text', text: 'Let me.' },
      { type: 'tool_use', name: 'step', input: {} },
    ],
    stopReason: 'max_tokens',
  })
  const run = runTools(client, params([tool]))
  await expect(run.final()).rejects.toMatchObject({
    code: 'max_output_tokens',
    message: expect.stringContaining('(max_tokens)'),
  })
  expect(made).toEqual([])
  expect(run.messages).toEqual([user('Go.')])
})

test('an abort in a pause takes the open call of a server tool out of the history', async () => {
  for (const at of ['turn_end', 'turn_start', 'stream']) {
    const paused = { content: [{ type: 'text', text: 'Searching.' }, search], stopReason: 'pause_turn' as const }
    const { client } = await mock(paused, 'Done.')
    const run = runTools(client, params([web]))
    for await (const event of run) if (event.type === at && (at === 'turn_end' || event.turn === 2)) break
    expect(run.messages).toMatchObject([user('Go.'), { role: 'assistant' }])
    expect(run.messages[1]?.content).not.toContainEqual(expect.objectContaining({ type: 'server_tool_use' }))
  }
})

test('so does an abort while a call of yours is open, too', async () => {
  const { tool } = stepping({}, new Promise(() => {}))
  const { client } = await mock({ content: [search, { type: 'tool_use', ...step(1) }] })
  const run = runTools(client, params([tool, web]))
  for await (const { type } of run) if (type === 'tool_call') break
  expect(run.messages).toMatchObject([
    user('Go.'),
    { content: [{ type: 'tool_use' }] },
    { content: [{ type: 'tool_result', is_error: true }] },
  ])
})

describe('calls that a history owes', () => {
  test('are shown as those of turn 0, each with its result', async () => {
    const { opened, open } = gate()
    const { tool } = stepping({ readOnly: true }, opened)
    const { client } = await mock('Done.')
    const calls = [1, 2].map((n) => ({ type: 'tool_use' as const, id: `toolu_${n}`, ...step(n) }))
    const run = runTools(client, params([tool], [user('Go.'), { role: 'assistant', content: calls }]))
    const seen: unknown[] = []
    for await (const event of run) {
      if (event.type === 'turn_start') break
      if (event.type === 'tool_call' && event.id === 'toolu_2') open()
      if ('id' in event) seen.push([event.type, event.turn, event.id])
    }
    expect(seen).toEqual([
      ['tool_call', 0, 'toolu_1'],
      ['tool_call', 0, 'toolu_2'],
      ['tool_result', 0, 'toolu_1'],
      ['tool_result', 0, 'toolu_2'],
    ])
  })
})
