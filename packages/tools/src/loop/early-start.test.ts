import { describe, expect, test } from 'vitest'
import { collect, gate, mock, params } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import type { Tool } from '../define/tool.ts'
import { runTools } from './run-tools.ts'

const input = { type: 'object', properties: { id: { type: 'string' } } } as const

/** A tool that notes when it starts and ends, and ends when its gate is opened. */
function tracked(name: string, traits: Partial<Tool> = {}) {
  const log: string[] = []
  const gates = new Map<string, ReturnType<typeof gate>>()
  const at = (id: string) => {
    if (!gates.has(id)) gates.set(id, gate())
    return gates.get(id)!
  }
  const tool = defineTool({
    name,
    description: 'Waits.',
    input,
    ...traits,
    async run({ id = '' }) {
      log.push(`+${id}`)
      await at(id).opened
      log.push(`-${id}`)
      return id
    },
  })
  return { tool, log, open: (id: string) => at(id).open() }
}

const call = (name: string, id: string) => ({ name, input: { id } })

describe('a call', () => {
  test('starts while the model still streams the next one', async () => {
    const { tool, log, open } = tracked('look', { readOnly: true })
    const { client } = await mock({ toolCalls: [call('look', 'a'), call('look', 'b')], eventDelayMs: 1 }, 'Done.')
    for (const id of ['a', 'b']) open(id)
    const seen: string[] = []
    for await (const event of runTools(client, params([tool]))) {
      if (event.type === 'stream') seen.push(event.event.type)
      if (event.type === 'tool_result') seen.push(`result ${event.result}`)
    }
    // The result of the first is there before the second call's block has ended.
    const blockEnds = seen.flatMap((type, index) => (type === 'content_block_stop' ? [index] : []))
    expect(seen.indexOf('result a')).toBeGreaterThan(blockEnds[0]!)
    expect(seen.indexOf('result a')).toBeLessThan(blockEnds[1]!)
    expect(log).toEqual(['+a', '-a', '+b', '-b'])
  })

  test('of a read-only tool runs beside the others, and results keep the order asked', async () => {
    const { tool, log, open } = tracked('look', { readOnly: true })
    const { client } = await mock({ toolCalls: ['a', 'b', 'c'].map((id) => call('look', id)) }, ({ toolResults }) =>
      toolResults.map(({ text }) => text).join(''),
    )
    open('c')
    const run = runTools(client, params([tool]), {
      onEvent(event) {
        if (event.type === 'tool_result') open({ c: 'b', b: 'a' }[String(event.result)] ?? '')
      },
    })
    const { message, calls } = await run.final()
    expect(calls.map(({ result }) => result)).toEqual(['c', 'b', 'a'])
    expect(message.content).toMatchObject([{ text: 'abc' }])
    expect(log.slice(0, 3)).toEqual(['+a', '+b', '+c'])
  })

  test('of a tool that writes waits for every call before it', async () => {
    const { tool, log, open } = tracked('write')
    for (const id of ['a', 'b', 'c']) open(id)
    const { client } = await mock({ toolCalls: ['a', 'b', 'c'].map((id) => call('write', id)) }, 'Done.')
    await runTools(client, params([tool])).final()
    expect(log).toEqual(['+a', '-a', '+b', '-b', '+c', '-c'])
  })

  test('of a read-only tool sees what the calls before it have written', async () => {
    let written = 'nothing'
    const write = defineTool({
      name: 'write',
      description: 'Writes.',
      input,
      async run({ id }) {
        await new Promise((resolve) => setImmediate(resolve))
        written = id ?? ''
      },
    })
    const look = defineTool({ name: 'look', description: 'Looks.', input, readOnly: true, run: () => written })
    const { client } = await mock(
      { toolCalls: [call('write', 'a'), call('look', '1'), call('write', 'b'), call('look', '2')] },
      'Done.',
    )
    const { calls } = await runTools(client, params([write, look])).final()
    expect(calls.filter(({ name }) => name === 'look').map(({ result }) => result)).toEqual(['a', 'b'])
  })

  test('of a tool that writes but is independent does not wait', async () => {
    const { tool, log, open } = tracked('write', { independent: true })
    const { client } = await mock({ toolCalls: [call('write', 'a'), call('write', 'b')] }, 'Done.')
    const run = runTools(client, params([tool]), {
      onEvent: (event) => {
        if (event.type === 'tool_result') open('a')
      },
    })
    open('b')
    await run.final()
    expect(log).toEqual(['+a', '+b', '-b', '-a'])
  })

  test('waits where as many as `concurrency` are at work', async () => {
    let running = 0
    let most = 0
    const tool = defineTool({
      name: 'look',
      description: 'Looks.',
      input,
      readOnly: true,
      async run() {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        running--
      },
    })
    const { client } = await mock({ toolCalls: Array.from({ length: 9 }, (_, id) => call('look', `${id}`)) }, 'Done.')
    const { calls } = await runTools(client, params([tool]), { concurrency: 3 }).final()
    expect(calls).toHaveLength(9)
    expect(most).toBe(3)
  })

  test('is no reason for a warning of a leak, however many are at work', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const { tool, log, open } = tracked('look', { readOnly: true })
    const ids = Array.from({ length: 20 }, (_, index) => `${index}`)
    const { client } = await mock({ toolCalls: ids.map((id) => call('look', id)) }, 'Done.')
    const run = runTools(client, params([tool]), {
      concurrency: 20,
      onEvent: ({ type }) => {
        if (type === 'tool_result' || log.length === 20) for (const id of ids) open(id)
      },
    })
    await run.final()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(log.slice(0, 20)).toEqual(ids.map((id) => `+${id}`))
    expect(warnings).toEqual([])
  })

  test('without input starts too', async () => {
    const { tool, open } = tracked('look')
    open('')
    const { client } = await mock({ toolCalls: [{ name: 'look' }] }, 'Done.')
    const events = await collect(runTools(client, params([tool])))
    expect(events.filter(({ type }) => type === 'tool_result')).toMatchObject([{ isError: false }])
  })
})
