import type { ToolResultBlockParam } from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { mock, params, user } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { runTools } from '../run-tools.ts'
import { withLedger } from './with-ledger.ts'

function setUp() {
  const run = vi.fn(() => 'paid')
  const pay = defineTool({ name: 'pay', description: 'Pays.', input: { type: 'object' }, run })
  const entries = new Map<string, ToolResultBlockParam>()
  const log: string[] = []
  const ledger = {
    get: (id: string) => entries.get(id),
    start: ({ id }: { id: string }) => void log.push(`start ${id}`),
    put: (id: string, result: ToolResultBlockParam) => {
      log.push(`put ${id}`)
      entries.set(id, result)
    },
  }
  return { run, pay, entries, log, ledger }
}

const owed = [
  user('Pay.'),
  { role: 'assistant' as const, content: [{ type: 'tool_use' as const, id: 'toolu_1', name: 'pay', input: {} }] },
]

describe('withLedger', () => {
  test('writes a call down before it is made, and its result after', async () => {
    const { pay, ledger, log, run } = setUp()
    run.mockImplementation(() => {
      log.push('run')
      return 'paid'
    })
    const { client } = await mock({ toolCalls: [{ name: 'pay', id: 'toolu_1' }] }, 'Done.')
    await runTools(client, params([pay]), { aroundCall: withLedger(ledger) }).final()
    expect(log).toEqual(['start toolu_1', 'run', 'put toolu_1'])
  })

  test('may keep its entries in a place that takes its time, or note no starts', async () => {
    const { pay, ledger, log, run } = setUp()
    run.mockImplementation(() => {
      log.push('run')
      return 'paid'
    })
    const later = () => new Promise((resolve) => setImmediate(resolve))
    const slow = {
      get: (id: string) => later().then(() => ledger.get(id)),
      start: (call: { id: string }) => later().then(() => ledger.start(call)),
      put: (id: string, result: ToolResultBlockParam) => later().then(() => ledger.put(id, result)),
    }
    const { get, put } = slow
    const { client } = await mock('One.', 'Two.', 'Three.')
    await runTools(client, params([pay], owed), { aroundCall: withLedger(slow) }).final()
    expect(log).toEqual(['start toolu_1', 'run', 'put toolu_1'])
    await runTools(client, params([pay], owed), { aroundCall: withLedger(slow) }).final()
    const [prompt] = owed
    const use = { type: 'tool_use' as const, id: 'toolu_2', name: 'pay', input: {} }
    const other = [prompt!, { role: 'assistant' as const, content: [use] }]
    await runTools(client, params([pay], other), { aroundCall: withLedger({ get, put }) }).final()
    expect(log).toEqual(['start toolu_1', 'run', 'put toolu_1', 'run', 'put toolu_2'])
  })

  test('ends the run where a result cannot be written down, as one of unknown outcome', async () => {
    const { pay, ledger } = setUp()
    const { client } = await mock({ toolCalls: [{ name: 'pay' }] }, 'Done.')
    const put = () => Promise.reject(new Error('the disk is full'))
    const failing = runTools(client, params([pay]), { aroundCall: withLedger({ ...ledger, put }) })
    await expect(failing.final()).rejects.toThrow('the disk is full')
    expect(failing.calls).toMatchObject([{ isError: true, result: 'Interrupted; it may have had effects.' }])
  })

  test('does not make a call again in a later run that owes it', async () => {
    const { pay, ledger, run, entries } = setUp()
    const options = { aroundCall: withLedger(ledger) }
    const { client } = await mock('One.', 'Two.')
    const first = await runTools(client, params([pay], owed), options).final()
    const second = await runTools(client, params([pay], owed), options).final()
    expect(run).toHaveBeenCalledTimes(1)
    expect(second.messages[2]).toEqual(first.messages[2])
    expect(entries.size).toBe(1)
  })

  test('ends the run where it throws, and the call is not made', async () => {
    const { pay, ledger, run } = setUp()
    const { client } = await mock({ toolCalls: [{ name: 'pay' }] }, 'Done.')
    const failing = runTools(client, params([pay]), {
      aroundCall: withLedger({
        ...ledger,
        start() {
          throw new Error('the disk is full')
        },
      }),
    })
    await expect(failing.final()).rejects.toThrow('the disk is full')
    expect(run).not.toHaveBeenCalled()
    expect(failing.messages.at(-1)).toMatchObject({ role: 'user', content: [{ is_error: true }] })
  })

  test('leaves the outcome of an interrupted call open', async () => {
    const { ledger, log } = setUp()
    const hang = defineTool({
      name: 'pay',
      description: 'Hangs.',
      input: { type: 'object' },
      run: () => new Promise(() => {}),
    })
    const { client } = await mock({ toolCalls: [{ name: 'pay', id: 'toolu_1' }] })
    const start = (call: { id: string }) => {
      ledger.start(call)
      setImmediate(() => run.abort())
    }
    const run = runTools(client, params([hang]), {
      aroundCall: withLedger({ ...ledger, start }),
    })
    await expect(run.final()).rejects.toThrow('aborted')
    expect(log).toEqual(['start toolu_1'])
  })
})

test('aroundCall can refuse a call in words', async () => {
  const { pay, run } = setUp()
  const { client } = await mock({ toolCalls: [{ name: 'pay' }] }, ({ toolResults }) => `${toolResults[0]?.text}`)
  const { message } = await runTools(client, params([pay]), {
    aroundCall: (call) => ({ type: 'tool_result', tool_use_id: call.id, is_error: true, content: 'Not allowed.' }),
  }).final()
  expect(message.content).toMatchObject([{ text: 'Not allowed.' }])
  expect(run).not.toHaveBeenCalled()
})
