import { withOptions } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { collect, mock, params, sentMessages, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import { toolset } from '../toolset.ts'
import { runTools } from './run-tools.ts'

const add = defineTool({
  name: 'add',
  description: 'Adds two numbers.',
  input: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
    additionalProperties: false,
  },
  readOnly: true,
  run: ({ a, b }) => a + b,
})

describe('runTools', () => {
  test('answers at once where the model wants no tool', async () => {
    const { server, client } = await mock('Hello.')
    const result = await runTools(client, params([add])).final()
    expect(result.message.content).toMatchObject([{ type: 'text', text: 'Hello.' }])
    expect(result).toMatchObject({ turns: 1, calls: [] })
    expect(result.messages).toMatchObject([user('Go.'), { role: 'assistant', content: [{ text: 'Hello.' }] }])
    expect(server.requests).toHaveLength(1)
  })

  test('sends nothing until someone reads', async () => {
    const { server, client } = await mock('Hello.')
    const run = runTools(client, params([add]))
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requests).toHaveLength(0)
    await run.final()
    expect(server.requests).toHaveLength(1)
  })

  test('makes one call and sends its result back', async () => {
    const { client, server } = await mock(
      { text: 'Let me add.', toolCalls: [{ name: 'add', input: { a: 1, b: 2 } }] },
      ({ toolResults }) => `It is ${toolResults[0]?.text}.`,
    )
    const { message, calls, turns } = await runTools(client, params([add])).final()
    expect(message.content).toMatchObject([{ text: 'It is 3.' }])
    expect(calls).toEqual([
      {
        id: expect.any(String),
        name: 'add',
        input: { a: 1, b: 2 },
        result: '3',
        isError: false,
        ms: expect.any(Number),
      },
    ])
    expect(turns).toBe(2)
    expect(sentMessages(server)[1]).toMatchObject([
      user('Go.'),
      { role: 'assistant', content: [{ type: 'text' }, { type: 'tool_use', name: 'add' }] },
      { role: 'user', content: [{ type: 'tool_result', content: '3' }] },
    ])
  })

  test('sends the results of several calls in one message, in the order asked', async () => {
    const { client } = await mock(
      { toolCalls: [1, 2, 3].map((a) => ({ name: 'add', input: { a, b: 1 } })) },
      ({ toolResults }) => toolResults.map(({ text }) => text).join(' '),
    )
    const { message } = await runTools(client, params([add])).final()
    expect(message.content).toMatchObject([{ text: '2 3 4' }])
  })

  test('gives each of several tools its own calls', async () => {
    const shout = defineTool({
      name: 'shout',
      description: 'Says it louder.',
      input: { type: 'object', properties: { text: { type: 'string' } } },
      run: ({ text = '' }) => text.toUpperCase(),
    })
    const { client, server } = await mock(
      {
        text: 'Both.',
        toolCalls: [
          { name: 'shout', input: { text: 'hi' } },
          { name: 'add', input: { a: 2, b: 3 } },
        ],
      },
      'Done.',
    )
    const { messages } = await runTools(client, params([add, shout])).final()
    expect(messages.slice(0, -1)).toEqual(sentMessages(server)[1])
    expect(messages).toMatchObject([
      user('Go.'),
      { role: 'assistant', content: [{ text: 'Both.' }, { name: 'shout' }, { name: 'add' }] },
      { role: 'user', content: [{ content: 'HI' }, { content: '5' }] },
      { role: 'assistant', content: [{ text: 'Done.' }] },
    ])
  })

  test('shows everything that happens as events, in order', async () => {
    const { client } = await mock({ toolCalls: [{ name: 'add', input: { a: 1, b: 2 } }] }, 'Done.')
    const events = await collect(runTools(client, params([add])))
    expect(events.filter(({ type }) => type !== 'stream')).toMatchObject([
      { type: 'turn_start', turn: 1 },
      { type: 'tool_call', turn: 1, name: 'add', input: { a: 1, b: 2 } },
      { type: 'tool_result', turn: 1, name: 'add', result: '3', isError: false },
      { type: 'turn_end', turn: 1, message: { stop_reason: 'tool_use' } },
      { type: 'turn_start', turn: 2 },
      { type: 'turn_end', turn: 2, message: { stop_reason: 'end_turn' } },
    ])
    const streamed = events.flatMap((event) => (event.type === 'stream' ? [event.event.type] : []))
    expect(streamed.filter((type) => type === 'message_start')).toHaveLength(2)
    expect(streamed.at(-1)).toBe('message_stop')
  })
})

test('a tool logs where the client does', async () => {
  const lines: string[] = []
  const { client } = await mock({ toolCalls: [{ name: 'log' }] }, 'Done.')
  const log = defineTool({
    name: 'log',
    description: 'Logs.',
    input: { type: 'object' },
    run: (_, { logger }) => logger.warn?.('from the tool'),
  })
  const logging = withOptions(client, { logger: { warn: (line) => lines.push(line) } })
  await runTools(logging, params([log])).final()
  expect(lines).toEqual(['from the tool'])
  await toolset([log]).call({ type: 'tool_use', id: 'toolu_1', name: 'log', input: {} })
  expect(lines).toHaveLength(1)
})
