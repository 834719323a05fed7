import { InvalidRequestError, RequestAbortedError, type ToolResultBlockParam } from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { gate, mock, params, sentMessages, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import { withPermission } from './layers/with-permission.ts'
import type { Deferred, RunOptions } from './run-options.ts'
import { runTools } from './run-tools.ts'
import type { ToolRunResult } from './tool-run.ts'

const run = vi.fn(() => 'seen')
const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, readOnly: true, run })
const looks = { toolCalls: [{ name: 'look', id: 'toolu_1' }] }

/** A callback that waits for its run to be aborted, and fails then, as a prompt or a request with the signal does. */
function waiting(signal: AbortSignal) {
  const asked = gate()
  // Older than any listener of the run's.
  const gone = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  gone.catch(() => {})
  const callback = () => {
    asked.open()
    return gone
  }
  return { asked: asked.opened, callback }
}

describe('what a callback throws ends the run, with a history that can be sent:', () => {
  const failure = new RangeError('full')
  const fail = () => {
    throw failure
  }
  const reject = () => Promise.reject(failure)

  test.each<[string, RunOptions]>([
    ['beforeTurn', { beforeTurn: fail }],
    ['beforeTurn, later', { beforeTurn: reject }],
    ['beforeTurn between turns', { beforeTurn: ({ turn }) => (turn === 2 ? fail() : undefined) }],
    ['permission', { permission: withPermission(fail) }],
    ['permission, later', { permission: withPermission(reject) }],
    ['stopWhen', { stopWhen: fail }],
    ['stopWhen, later', { stopWhen: reject }],
    ['aroundCall', { aroundCall: fail }],
    ['aroundCall, later', { aroundCall: reject }],
    ['aroundCall, after the call', { aroundCall: async (_, make) => make().then(fail) }],
    ['costOf', { costOf: fail }],
    ['onEvent', { onEvent: fail }],
    ['onEvent, later', { onEvent: reject }],
    ['onEvent at a call', { onEvent: ({ type }) => (type === 'tool_call' ? fail() : undefined) }],
    [
      'onEvent at the very last event',
      { onEvent: (event) => (event.type === 'turn_end' && event.turn === 2 ? fail() : undefined) },
    ],
  ])('%s', async (_, options) => {
    const { client, server } = await mock(looks, 'Done.')
    const failing = runTools(client, params([look]), options)
    await expect(failing.final()).rejects.toBe(failure)
    expect(failing.state).toBe('ended')
    const sent = server.requests.length
    await runTools(client, params([look], [...failing.messages, user('Go on.')])).final()
    expect(server.requests.length).toBeGreaterThan(sent)
  })

  test('beforeTurn, and there is no turn', async () => {
    const { client, server } = await mock('Done.')
    const types: string[] = []
    const onEvent = ({ type }: { type: string }) => void types.push(type)
    const failing = runTools(client, params([look]), { beforeTurn: fail, onEvent })
    await expect(failing.final()).rejects.toBe(failure)
    expect([failing.turns, types, server.requests]).toEqual([0, [], []])
  })

  test('costOf, and the results of the calls are kept', async () => {
    const { client } = await mock(looks, 'Done.')
    const failing = runTools(client, params([look]), { costOf: fail })
    await expect(failing.final()).rejects.toBe(failure)
    expect(failing.messages).toMatchObject([{}, { role: 'assistant' }, { content: [{ content: 'seen' }] }])
  })

  test('the first of them, where several throw', async () => {
    const { client } = await mock(looks, 'Done.')
    let count = 0
    const onEvent = () => {
      throw new Error(`failure ${++count}`)
    }
    await expect(runTools(client, params([look]), { onEvent }).final()).rejects.toThrow('failure 1')
  })
})

describe('an abort', () => {
  test.each(['permission', 'aroundCall', 'beforeTurn', 'stopWhen'] as const)(
    'is what ended the run, where %s fails because of it',
    async (name) => {
      const { client } = await mock(looks, 'Done.')
      const controller = new AbortController()
      const { signal } = controller
      const { asked, callback } = waiting(signal)
      const end = runTools(client, params([look]), { signal, [name]: callback }).final()
      await asked
      controller.abort(new Error('enough'))
      await expect(end).rejects.toThrow(RequestAbortedError)
      await expect(end).rejects.toMatchObject({ cause: new Error('enough') })
    },
  )

  test('reaches permission and aroundCall by their signals, with the reason', async () => {
    for (const name of ['permission', 'aroundCall'] as const) {
      const { client } = await mock(looks, 'Done.')
      const asked = gate()
      const heard = vi.fn()
      const options: RunOptions = {
        [name]: (...given: [unknown, { signal: AbortSignal }] | [unknown, unknown, { signal: AbortSignal }]) => {
          const { signal } = given.at(-1) as { signal: AbortSignal }
          signal.addEventListener('abort', () => heard(signal.reason))
          asked.open()
          return new Promise(() => {})
        },
      }
      const aborted = runTools(client, params([look]), options)
      const end = aborted.final()
      await asked.opened
      await aborted.abort('enough')
      await expect(end).rejects.toThrow(RequestAbortedError)
      expect(heard.mock.calls).toEqual([['enough']])
    }
  })

  test('between two turns lets beforeTurn, and so whatever it would spend, be', async () => {
    const { client } = await mock(looks, 'Done.')
    const beforeTurn = vi.fn(() => undefined)
    const left = runTools(client, params([look]), { beforeTurn })
    for await (const { type } of left) if (type === 'turn_end') break
    expect(beforeTurn).toHaveBeenCalledTimes(1)
    await expect(left.final()).rejects.toThrow(RequestAbortedError)
  })

  test('at the last event takes nothing away from the result', async () => {
    const { client } = await mock('Done.')
    const left = runTools(client, params([look]))
    for await (const { type } of left) if (type === 'turn_end') break
    expect((await left.final()).message.content).toMatchObject([{ text: 'Done.' }])
  })
})

describe('stopWhen', () => {
  test('ends a run as the model would have, with the results in the history', async () => {
    const { client, server } = await mock(looks, { toolCalls: [{ name: 'look', id: 'toolu_2' }] }, 'Done.')
    const stopWhen = vi.fn(async ({ calls }: ToolRunResult) => calls.some(({ id }) => id === 'toolu_2'))
    const stopped = runTools(client, params([look]), { stopWhen })
    const events: string[] = []
    for await (const { type } of stopped) if (type !== 'stream') events.push(type)
    expect(events).toEqual(['turn_start', 'tool_call', 'tool_result', 'turn_end', ...events.slice(0, 4)])
    const { turns, calls, message, messages } = await stopped.final()
    expect([turns, calls.length, message.stop_reason]).toEqual([2, 2, 'tool_use'])
    expect(messages.at(-1)).toMatchObject({ role: 'user', content: [{ tool_use_id: 'toolu_2', content: 'seen' }] })
    expect(stopWhen.mock.calls.map(([{ turns }]) => turns)).toEqual([1, 2])
    await runTools(client, params([look], messages)).final()
    expect(server.requests).toHaveLength(3)
  })

  test('is not asked where no turn would follow', async () => {
    const { client } = await mock(looks, 'Done.')
    const stopWhen = vi.fn(() => false)
    await runTools(client, params([look]), { stopWhen }).final()
    expect(stopWhen).toHaveBeenCalledTimes(1)
  })

  test('comes before the turn limit', async () => {
    const { client } = await mock(looks, 'Done.')
    const { turns } = await runTools(client, params([look]), { maxTurns: 1, stopWhen: () => true }).final()
    expect(turns).toBe(1)
  })
})

test('an error that a loop throws is not thrown again by a final() that nobody has come to wait for', async () => {
  const { client } = await mock(looks, { error: { status: 400 } })
  const run = runTools(client, params([look]))
  const end = run.final()
  const read = async () => {
    for await (const _ of run);
  }
  await expect(read()).rejects.toThrow(InvalidRequestError)
  // Whatever is rejected and unheard by now fails the tests.
  await new Promise(setImmediate)
  await expect(end).rejects.toThrow(InvalidRequestError)
})

test('a tool that beforeTurn took away is as one that never was, until it is given back', async () => {
  run.mockClear()
  const other = defineTool({ name: 'other', description: 'Another.', input: { type: 'object' }, run: () => 'ok' })
  const { client, server } = await mock(
    ...['a', 'b', 'c'].map((id) => ({ toolCalls: [{ name: 'look', id }] })),
    'Done.',
  )
  const { calls } = await runTools(client, params([look, other]), {
    beforeTurn: ({ turn }) => ({ tools: turn === 2 ? [other] : [look, other] }),
  }).final()
  expect(calls.map(({ result }) => result)).toEqual(['seen', 'There is no tool "look" here; there are: other.', 'seen'])
  expect(run).toHaveBeenCalledTimes(2)
  expect(server.requests.map(({ body }) => (body as { tools: unknown[] }).tools.length)).toEqual([2, 1, 2, 2])
})

test('a list of tools from beforeTurn that cannot be used ends the run, with a history that can be sent', async () => {
  const { client } = await mock(looks, 'Done.')
  const failing = runTools(client, params([look]), {
    beforeTurn: ({ turn }) => (turn === 2 ? { tools: [look, look] } : undefined),
  })
  await expect(failing.final()).rejects.toThrow('Two tools are named "look".')
  const { message } = await runTools(client, params([look], failing.messages)).final()
  expect(message.content).toMatchObject([{ text: 'Done.' }])
})

test('beforeTurn keeps the tools where it gives none', async () => {
  const { client, server } = await mock(looks, 'Done.')
  const beforeTurn = () => ({ tools: undefined, max_tokens: 99 }) as never
  await runTools(client, params([look]), { beforeTurn }).final()
  for (const { body } of server.requests) expect(body).toMatchObject({ max_tokens: 99, tools: [{ name: 'look' }] })
})

test('a result that aroundCall remembers may be that of an earlier call', async () => {
  run.mockClear()
  const memory = new Map<string, ToolResultBlockParam | Deferred>()
  const { client, server } = await mock(looks, { toolCalls: [{ name: 'look', id: 'toolu_2' }] }, 'Done.')
  const { calls } = await runTools(client, params([look]), {
    async aroundCall({ name }, make) {
      const result = memory.get(name) ?? (await make())
      memory.set(name, result)
      return result
    },
  }).final()
  expect(run).toHaveBeenCalledTimes(1)
  expect(calls.map(({ id, result }) => [id, result])).toEqual([
    ['toolu_1', 'seen'],
    ['toolu_2', 'seen'],
  ])
  expect(sentMessages(server)[2]?.at(-1)).toMatchObject({ content: [{ tool_use_id: 'toolu_2', content: 'seen' }] })
})
