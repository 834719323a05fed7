import { costOf, createUsageMeter, type ToolResultBlockParam, type Usage } from '@enjamb/core'
import { describe, expect, test, vi } from 'vitest'
import { collect, gate, mock, params, sentMessages } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import type { Permission } from '../permissions/permission.ts'
import { permissions } from '../permissions/permissions.ts'
import { toolset } from '../toolset.ts'
import { withPermission } from './layers/with-permission.ts'
import { runTools } from './run-tools.ts'

const run = vi.fn(({ path }: { path?: string }) => `removed ${path}`)
const remove = defineTool({
  name: 'remove',
  description: 'Removes a file.',
  input: { type: 'object', properties: { path: { type: 'string' } } },
  run,
})

/** The one result that the model got. */
async function resultWith(permission: Permission): Promise<ToolResultBlockParam> {
  run.mockClear()
  const { client, server } = await mock({ toolCalls: [{ name: 'remove', input: { path: 'a' } }] }, 'Done.')
  await runTools(client, params([remove]), { permission: withPermission(permission) }).final()
  return (sentMessages(server)[1]!.at(-1)!.content as ToolResultBlockParam[])[0]!
}

describe('a call', () => {
  test('that is not permitted is not made, and the model is told why', async () => {
    const result = await resultWith(permissions({ deny: ['remove'] }))
    expect(result).toMatchObject({ is_error: true, content: expect.stringMatching(/not permitted.*a rule denies it/) })
    expect(run).not.toHaveBeenCalled()
  })

  test('that is not permitted for no given reason is one that the user does not want', async () => {
    const { content } = await resultWith(() => ({ allow: false }))
    expect(content).toMatch(/^This call was not permitted, and nothing was run: the user does not want it\./)
  })

  test('that is permitted is made, perhaps with other input, which is checked', async () => {
    expect(await resultWith(() => ({ allow: true }))).toMatchObject({ content: 'removed a' })
    expect(await resultWith(async () => ({ allow: true }))).toMatchObject({ content: 'removed a' })
    expect(await resultWith(() => ({ allow: true, input: { path: 'b' } }))).toMatchObject({ content: 'removed b' })
    expect(await resultWith(() => ({ allow: true, input: { path: 7 } }))).toMatchObject({ is_error: true })
    expect(run).not.toHaveBeenCalled()
  })

  test('is told by its turn to permission and aroundCall', async () => {
    const turns: unknown[] = []
    const { client } = await mock(
      ...[1, 2].map((n) => ({ toolCalls: [{ name: 'remove', id: `toolu_${n}` }] })),
      'Done.',
    )
    await runTools(client, params([remove]), {
      permission: withPermission((call, { tool, turn }) => {
        turns.push(['permission', call.id, tool, turn])
        return { allow: true }
      }),
      aroundCall(call, make, { turn }) {
        turns.push(['aroundCall', call.id, turn])
        return make()
      },
    }).final()
    expect(turns).toEqual(
      [1, 2].flatMap((n) => [
        ['aroundCall', `toolu_${n}`, n],
        ['permission', `toolu_${n}`, remove, n],
      ]),
    )
  })

  test('is timed from the start of its work', async () => {
    const { client } = await mock({ toolCalls: [{ name: 'remove' }] }, 'Done.')
    const start = performance.now()
    const { calls } = await runTools(client, params([remove])).final()
    expect(calls[0]?.ms).toBeGreaterThanOrEqual(0)
    expect(calls[0]?.ms).toBeLessThan(performance.now() - start)
  })

  test('has nine others beside it at most, where nothing was said', async () => {
    const { opened, open } = gate()
    let running = 0
    const wait = defineTool({
      name: 'wait',
      description: 'Waits.',
      input: { type: 'object' },
      readOnly: true,
      run: () => {
        if (++running === 10) setImmediate(() => setImmediate(open))
        return opened.then(() => running)
      },
    })
    const { client } = await mock({ toolCalls: Array.from({ length: 12 }, () => ({ name: 'wait' })) }, 'Done.')
    const { calls } = await runTools(client, params([wait])).final()
    expect(calls.slice(0, 9).map(({ result }) => result)).toEqual(Array.from({ length: 9 }, () => '10'))
  })

  test('of a tool that does not exist is not asked about', async () => {
    const permission = vi.fn(() => ({ allow: true }) as const)
    const { client } = await mock({ toolCalls: [{ name: 'nothing' }] }, 'Done.')
    await runTools(client, params([remove]), { permission: withPermission(permission) }).final()
    expect(permission).not.toHaveBeenCalled()
  })

  test.each([undefined, null, {}, { allow: 'no' }, { allow: 1 }])(
    'is not made where the answer is %j',
    async (answer) => {
      const result = await resultWith((() => answer) as unknown as Permission)
      expect(result).toMatchObject({ is_error: true, content: expect.stringContaining('was not permitted') })
    },
  )

  test('whose permission fails ends the run, with a history that can be sent', async () => {
    const { client, server } = await mock({ toolCalls: [{ name: 'remove' }] }, 'Done.')
    const permission = () => {
      throw new Error('the terminal is gone')
    }
    const running = runTools(client, params([remove]), { permission: withPermission(permission) })
    await expect(running.final()).rejects.toThrow('the terminal is gone')
    await runTools(client, params([remove], [...running.messages, { role: 'user', content: 'Go on.' }])).final()
    expect(server.requests).toHaveLength(2)
  })

  test('is not made when the run was aborted while somebody was asked', async () => {
    run.mockClear()
    const asked = gate()
    const { client } = await mock({ toolCalls: [{ name: 'remove' }] }, 'Done.')
    const running = runTools(client, params([remove]), {
      permission: withPermission(() => {
        asked.open()
        return new Promise(() => {})
      }),
    })
    const end = running.final()
    await asked.opened
    await running.abort()
    await expect(end).rejects.toMatchObject({ code: 'request_aborted' })
    expect(run).not.toHaveBeenCalled()
    expect(running.messages.at(-1)).toMatchObject({
      content: [{ content: expect.stringContaining('nothing was run') }],
    })
  })
})

test('a call that is permitted after an abort is not made, whoever would make it', async () => {
  const [asked, answered] = [gate(), gate()]
  const { client } = await mock({ toolCalls: [{ name: 'remove' }] }, 'Done.')
  const table = { ...toolset([remove]), call: vi.fn() }
  const running = runTools(
    client,
    { ...params([]), tools: table },
    {
      permission: withPermission(async () => {
        asked.open()
        await answered.opened
        return { allow: true }
      }),
    },
  )
  const end = running.final()
  await asked.opened
  answered.open()
  await running.abort()
  await expect(end).rejects.toMatchObject({ code: 'request_aborted' })
  expect(table.call).not.toHaveBeenCalled()
})

describe('the cost of a run', () => {
  test('is that of its replies, where prices were given', async () => {
    const { client } = await mock({ toolCalls: [{ name: 'remove' }] }, 'Done.')
    const running = runTools(client, params([remove]), { costOf })
    const replies = (await collect(running)).filter((event) => event.type === 'turn_end').map(({ message }) => message)
    const { cost } = await running.final()
    expect(replies).toHaveLength(2)
    expect(cost?.nanoUsd).toBe(
      replies.map(({ model, usage }) => costOf(model, usage)!.nanoUsd).reduce((sum, nanoUsd) => sum + nanoUsd),
    )
    expect(running.cost).toEqual(cost)
  })

  test('has in it what tools got from models', async () => {
    const ask = defineTool({
      name: 'ask',
      description: 'Asks a model.',
      input: { type: 'object' },
      run: (_, { spend }) => spend({ model: 'claude-haiku-4-5', usage: { output_tokens: 1_000_000 } as Usage }),
    })
    const { client } = await mock({ toolCalls: [{ name: 'ask' }] }, 'Done.')
    const { cost, usage } = await runTools(client, params([ask]), { costOf }).final()
    expect(usage.output_tokens).toBeGreaterThan(1_000_000)
    expect(cost?.usd).toBeGreaterThan(costOf('claude-haiku-4-5', { input_tokens: 0, output_tokens: 1_000_000 })!.usd)
  })

  test('is not there without them', async () => {
    const { client } = await mock('Done.')
    expect((await runTools(client, params([remove])).final()).cost).toBeUndefined()
  })
})

test('a budget that the next request could break ends the run, with a history that can be sent', async () => {
  run.mockClear()
  const { client, server } = await mock({ toolCalls: [{ name: 'remove' }], usage: { output_tokens: 1000 } }, 'Done.')
  // One request of this size fits, and no second one beside its cost.
  const budget = createUsageMeter({ budgets: { default: { usd: 0.0625 } } })
  const running = runTools(client, params([remove]), { budget })
  await expect(running.final()).rejects.toMatchObject({ code: 'budget_exceeded', limit: 0.0625 })
  expect(server.requests).toHaveLength(1)
  expect(run).toHaveBeenCalledTimes(1)
  expect((await budget.stats()).totalCost).toBeGreaterThan(0)
  expect((await runTools(client, params([remove], running.messages)).final()).turns).toBe(1)
})
