import { describe, expect, test } from 'vitest'
import { collect, gate, mock, params, sentMessages } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import type { Tool } from '../define/tool.ts'
import { withLedger } from './layers/with-ledger.ts'
import { withPermission } from './layers/with-permission.ts'
import { runTools } from './run-tools.ts'

const made: string[] = []
const input = { type: 'object', properties: { n: { type: 'number' } } } as const
const tool = (name: string, traits: Partial<Tool> = {}): Tool => ({
  ...defineTool({
    name,
    description: 'Works.',
    input,
    run: ({ n }) => {
      made.push(`${name} ${n}`)
      return `did ${n}`
    },
  }),
  ...traits,
})
const later = withPermission(({ name }) => (name === 'ask' ? { defer: true, data: 'shown' } : { allow: true }))
const asks = {
  text: 'Both:',
  toolCalls: [
    { name: 'ask', input: { n: 1 } },
    { name: 'do', input: { n: 2 } },
  ],
}

describe('a call that is not answered now', () => {
  test('ends the run with its reply, once those beside it are made', async () => {
    made.length = 0
    const { client, server } = await mock(asks, 'Never.')
    const run = runTools(client, params([tool('ask'), tool('do')]), { permission: later })
    const events = await collect(run)
    const { deferred, calls, messages } = await run.final()
    expect(made).toEqual(['do 2'])
    expect(deferred).toMatchObject([{ name: 'ask', input: { n: 1 } }])
    expect(calls).toMatchObject([{ name: 'do' }])
    expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: [{}, { name: 'ask' }, { name: 'do' }] })
    expect(events.filter(({ type }) => type === 'tool_deferred')).toMatchObject([{ name: 'ask', input: { n: 1 } }])
    expect(server.requests).toHaveLength(1)
  })

  test('is made by a later run with that history, beside what a ledger remembers', async () => {
    made.length = 0
    const { client, server } = await mock(asks, 'Done.')
    const memory = new Map()
    const ledger = withLedger({ get: (id) => memory.get(id), put: (id, result) => void memory.set(id, result) })
    const tools = [tool('ask'), tool('do')]
    const first = await runTools(client, params(tools), { permission: later, aroundCall: ledger }).final()
    await runTools(client, params(tools, first.messages), { aroundCall: ledger }).final()
    expect(made).toEqual(['do 2', 'ask 1'])
    expect(sentMessages(server)[1]?.at(-1)).toMatchObject({ content: [{ content: 'did 1' }, { content: 'did 2' }] })
  })

  test('waits again where it is deferred again, without a request', async () => {
    const { client, server } = await mock(asks)
    const tools = [tool('ask'), tool('do')]
    const first = await runTools(client, params(tools), { permission: later }).final()
    const again = await runTools(client, params(tools, first.messages), { permission: later }).final()
    expect(again.deferred).toHaveLength(1)
    expect(again.messages).toEqual(first.messages)
    expect(server.requests).toHaveLength(1)
  })

  test('is one of a tool without run, unless its input does not fit', async () => {
    const { client } = await mock({ toolCalls: [{ name: 'ask', input: { n: 'one' } }] }, asks)
    const client_ = tool('ask', { run: undefined as never })
    const { calls, deferred } = await runTools(client, params([client_, tool('do')])).final()
    expect(calls).toMatchObject([{ name: 'ask', isError: true }, { name: 'do' }])
    expect(deferred).toMatchObject([{ name: 'ask' }])
  })

  test('is answered as interrupted where the run is aborted', async () => {
    const { client } = await mock(asks)
    const { opened } = gate()
    const hangs = tool('do', { run: () => opened })
    const run = runTools(client, params([tool('ask'), hangs]), {
      permission: later,
      onEvent: ({ type }) => {
        if (type === 'tool_deferred') setTimeout(() => void run.abort(), 5)
      },
    })
    await expect(run.final()).rejects.toThrow('aborted')
    expect(run.deferred).toEqual([])
    expect(run.messages.at(-1)).toMatchObject({ role: 'user', content: [{ is_error: true }, { is_error: true }] })
  })
})

describe('a reply', () => {
  test('is written down before what may change something begins, while what only reads has begun', async () => {
    const order: string[] = []
    const begun = gate()
    const doing = (name: string, readOnly: boolean) =>
      tool(name, {
        readOnly,
        run() {
          order.push(name)
          begun.open()
        },
      })
    const toolCalls = ['read', 'write'].map((name) => ({ name, input: { n: 1 } }))
    const { client } = await mock({ toolCalls }, 'Done.')
    await runTools(client, params([doing('read', true), doing('write', false)]), {
      async onReply({ turn, message }) {
        await begun.opened
        order.push(`reply ${turn} with ${message.content.length}`)
      },
    }).final()
    expect(order).toEqual(['read', 'reply 1 with 2', 'write', 'reply 2 with 1'])
  })

  test('that cannot be written down ends the run, and nothing is changed', async () => {
    made.length = 0
    const { client } = await mock(asks)
    const onReply = () => Promise.reject(new Error('disk full'))
    const run = runTools(client, params([tool('ask'), tool('do')]), { onReply })
    await expect(run.final()).rejects.toThrow('disk full')
    expect(made).toEqual([])
    expect(run.messages.at(-1)).toMatchObject({ content: [{ is_error: true }, { is_error: true }] })
  })

  test('that breaks off, or is cut off inside a call, is none to write down', async () => {
    for (const turn of [
      { ...asks, cutAfterEvents: -3 },
      { ...asks, stopReason: 'max_tokens' as const, cutAfterEvents: -2 },
    ]) {
      const replies: unknown[] = []
      const { client } = await mock(turn)
      const options = { retry: { maxRetries: 0 }, onReply: (reply: unknown) => void replies.push(reply) }
      const run = runTools(client, params([tool('ask'), tool('do')]), options)
      await expect(run.final()).rejects.toThrow()
      expect(replies).toEqual([])
    }
  })
})
