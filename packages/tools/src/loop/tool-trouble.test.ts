import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clientOf, collect, gate, mock, params, sentMessages } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import type { Tool } from '../define/tool.ts'
import { runTools } from './run-tools.ts'

const read = defineTool({
  name: 'read',
  description: 'Reads.',
  input: z.object({ path: z.string(), lines: z.array(z.number()).optional() }),
  run: ({ path }) => {
    if (path === 'gone') throw new Error('ENOENT: no such file')
    return `text of ${path}`
  },
})

/** What the model is told of one call. */
async function told(tools: Tool[], call: { name: string; input?: object }) {
  const { client } = await mock({ toolCalls: [call as never] }, ({ toolResults }) => JSON.stringify(toolResults[0]))
  const { message, calls } = await runTools(client, params(tools)).final()
  const { text, isError } = JSON.parse((message.content[0] as { text: string }).text)
  expect(calls[0]?.isError).toBe(isError)
  return { text, isError }
}

describe('the model is told', () => {
  test('which tools there are, where it asks for one that is not', async () => {
    const { text, isError } = await told([read], { name: 'write' })
    expect(isError).toBe(true)
    expect(text).toBe('There is no tool "write" here; there are: read.')
  })

  test('what is wrong with its input, part by part, and the tool does not run', async () => {
    const { text, isError } = await told([read], { name: 'read', input: { path: 7, lines: [1, 'two'] } })
    expect(isError).toBe(true)
    expect(text).toMatch(/^Nothing was run.*\n- path: .*string.*\n- lines\.1: .*number.*\nCorrect it/)
  })

  test('what a tool threw', async () => {
    expect(await told([read], { name: 'read', input: { path: 'gone' } })).toEqual({
      text: 'The tool failed: ENOENT: no such file',
      isError: true,
    })
  })

  test.each([
    ['a string', 'broken', 'The tool failed: broken'],
    ['nothing', undefined, 'The tool failed: undefined'],
    ['an object without a prototype', Object.create(null), 'The tool failed.'],
    [
      'an error that throws when it is read',
      Object.defineProperty({}, 'message', {
        get() {
          throw new Error('no')
        },
      }),
      'The tool failed.',
    ],
  ])('something also where a tool throws %s', async (_, thrown, text) => {
    const tool = defineTool({
      name: 'odd',
      description: 'Throws.',
      input: { type: 'object' },
      run() {
        throw thrown
      },
    })
    expect(await told([tool], { name: 'odd' })).toEqual({ text, isError: true })
  })

  test('that a result cannot be written as JSON', async () => {
    const tool = defineTool({ name: 'big', description: 'Counts.', input: { type: 'object' }, run: () => 10n })
    const { text, isError } = await told([tool], { name: 'big' })
    expect(isError).toBe(true)
    expect(text).toMatch(/^The tool failed: .*BigInt/)
  })

  test('that a tool took too long, and the tool gets the signal', async () => {
    let resolve = (_: boolean) => {}
    const promise = new Promise<boolean>((settle) => {
      resolve = settle
    })
    const tool = defineTool({
      name: 'slow',
      description: 'Hangs.',
      input: { type: 'object' },
      timeoutMs: 20,
      run: (_, { signal }) => new Promise(() => signal.addEventListener('abort', () => resolve(true))),
    })
    const { text, isError } = await told([tool], { name: 'slow' })
    expect(isError).toBe(true)
    expect(text).toMatch(/^Stopped after 20 ms\. It may have had effects/)
    expect(await promise).toBe(true)
  })
})

test('one call that fails leaves the others alone', async () => {
  const { client } = await mock(
    { toolCalls: ['a', 'gone', 'b'].map((path) => ({ name: 'read', input: { path } })) },
    ({ toolResults }) => toolResults.map(({ isError }) => Number(isError)).join(''),
  )
  const { message } = await runTools(client, params([read])).final()
  expect(message.content).toMatchObject([{ text: '010' }])
})

describe('a call', () => {
  const counting = () => {
    const made: string[] = []
    const look = defineTool({
      name: 'look',
      description: 'Looks.',
      input: { type: 'object', properties: { at: { type: 'string' } } },
      run: ({ at = '' }) => {
        made.push(at)
        return `saw ${at}`
      },
    })
    return { made, look }
  }

  test('whose id another call of the reply had before it is not made, and left out of the history', async () => {
    const { look, made } = counting()
    const toolCalls = ['a', 'b', 'c'].map((at) => ({ name: 'look', id: at === 'b' ? 'a' : at, input: { at } }))
    const { client, server } = await mock({ toolCalls }, 'Done.')
    const { calls } = await runTools(client, params([look])).final()
    expect(made).toEqual(['a', 'c'])
    expect(calls.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(sentMessages(server)[1]?.slice(1)).toMatchObject([
      { content: [{ input: { at: 'a' } }, { input: { at: 'c' } }] },
      { content: [{ content: 'saw a' }, { content: 'saw c' }] },
    ])
  })

  test('whose id a call of an earlier turn had is made, and gets an id and a result of its own', async () => {
    const { look, made } = counting()
    const content_block = { type: 'tool_use', id: 'a', name: 'look', input: { at: 'a' } }
    const message = { id: 'msg_1', role: 'assistant', model: 'claude-sonnet-5-5', content: [], usage: {} }
    const stop = { stop_reason: 'tool_use', stop_sequence: null }
    // The same reply for every request: the mock server would refuse the history, as the API would.
    const client = clientOf([
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: stop, usage: {} },
      { type: 'message_stop' },
    ] as never)
    const run = runTools(client, params([look]))
    await expect(run.final()).rejects.toMatchObject({ code: 'turn_limit' })
    // As many turns as there are where nothing was said.
    expect(run.turns).toBe(100)
    expect(made).toHaveLength(100)
    expect(new Set(run.calls.map(({ id }) => id)).size).toBe(100)
    const again = runTools(client, params([look], run.messages), { maxTurns: 100 })
    await expect(again.final()).rejects.toMatchObject({ code: 'turn_limit' })
    const used = again.messages.flatMap(({ content }) => (content as { id?: string; tool_use_id?: string }[])[0]!)
    const ids = used.flatMap(({ id }) => id ?? [])
    expect(new Set(ids).size).toBe(200)
    expect(used.flatMap(({ tool_use_id }) => tool_use_id ?? [])).toEqual(ids)
  })

  test('of a tool that is not there waits for nothing', async () => {
    const { opened, open } = gate()
    const wait = defineTool({ name: 'wait', description: 'Waits.', input: { type: 'object' }, run: () => opened })
    const { client } = await mock({ toolCalls: [{ name: 'wait' }, { name: 'gone' }] }, 'Done.')
    const run = runTools(client, params([wait]), {
      onEvent: (event) => {
        if (event.type === 'tool_result' && event.name === 'gone') open()
      },
    })
    expect((await run.final()).calls.map(({ name }) => name)).toEqual(['gone', 'wait'])
  })
})

test('what a tool does to its input is not in the history, nor in the events', async () => {
  const sort = defineTool({
    name: 'sort',
    description: 'Sorts.',
    input: { type: 'object', properties: { list: { type: 'array', items: { type: 'number' } } } },
    run: ({ list = [] }) => list.sort(),
  })
  const { client, server } = await mock({ toolCalls: [{ name: 'sort', input: { list: [3, 1, 2] } }] }, 'Done.')
  const { calls } = await runTools(client, params([sort])).final()
  expect(calls).toMatchObject([{ input: { list: [3, 1, 2] }, result: '[1,2,3]' }])
  expect(sentMessages(server)[1]?.[1]).toMatchObject({ content: [{ input: { list: [3, 1, 2] } }] })
})

test('what a tool reports after its end is no event, though the run goes on', async () => {
  const { opened, open } = gate()
  const late = defineTool({
    name: 'late',
    description: 'Reports late.',
    input: { type: 'object' },
    readOnly: true,
    run(_, { progress }) {
      progress('at work')
      void opened.then(() => progress('too late'))
      return 'done'
    },
  })
  const after = defineTool({
    name: 'after',
    description: 'Waits.',
    input: { type: 'object' },
    run: () => {
      open()
      return opened.then(() => 'done')
    },
  })
  const { client } = await mock({ toolCalls: [{ name: 'late' }, { name: 'after' }] }, 'Done.')
  const events = await collect(runTools(client, params([late, after])))
  expect(events.filter(({ type }) => type === 'tool_progress')).toMatchObject([{ data: 'at work' }])
})

test('what a tool reports is an event, and the model does not see it', async () => {
  const tool = defineTool({
    name: 'copy',
    description: 'Copies.',
    input: { type: 'object' },
    run: (_, { progress, turn, toolUseId }) => {
      progress({ turn, toolUseId })
      return 'copied'
    },
  })
  const { client } = await mock({ toolCalls: [{ name: 'copy', id: 'toolu_1' }] }, 'Done.')
  const events = await collect(runTools(client, params([tool])))
  expect(events.filter(({ type }) => /^tool_/.test(type))).toMatchObject([
    { type: 'tool_call' },
    { type: 'tool_progress', id: 'toolu_1', name: 'copy', data: { turn: 1, toolUseId: 'toolu_1' } },
    { type: 'tool_result', result: 'copied' },
  ])
})
