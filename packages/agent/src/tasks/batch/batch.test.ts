import { defineTool } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { input, setUpTeam, usage, whenAsked } from '../../../test/set-up-team.ts'

describe('many tasks', () => {
  it('give results as they come, and their totals, whatever becomes of each', async () => {
    const { agent, server } = await setUpTeam([
      whenAsked(/good/, { text: 'Good.', usage }, 2),
      whenAsked(/bad/, { error: 400 }),
    ])
    const batch = agent.tasks([
      'A good one.',
      { description: 'A bad one.' },
      'Another good one.',
      ' ',
      { description: 'Odd.', allowAgents: ['x'] },
    ])
    expect(batch.progress).toEqual({ total: 5, running: 0, completed: 0, failed: 0, totalTokens: 0, totalCost: 0 })
    const seen = new Map<number, string>()
    for await (const { index, status, description } of batch) {
      seen.set(index, `${description} ${status}`)
      expect(batch.progress.completed + batch.progress.failed).toBeGreaterThanOrEqual(seen.size)
    }
    expect([...seen].sort(([a], [b]) => a - b).map(([, text]) => text)).toEqual([
      'A good one. completed',
      'A bad one. failed',
      'Another good one. completed',
      '  failed',
      'Odd. failed',
    ])
    const { results, ...totals } = await batch.final()
    expect(results.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed', 'failed', 'failed'])
    expect(results[4]).toMatchObject({ error: { code: 'config', message: expect.stringContaining('"x"') } })
    expect(totals).toMatchObject({
      total: 5,
      running: 0,
      completed: 2,
      failed: 3,
      totalTokens: 2_200,
      totalCost: server.ledger.cost.usd,
      cost: { nanoUsd: server.ledger.cost.nanoUsd },
      usage: { input_tokens: 2_000, total_tokens: 2_200 },
    })
  })

  it('are worked at so many at once', async () => {
    let now = 0
    let most = 0
    const count = defineTool({
      name: 'count',
      description: 'Counts.',
      input,
      async run() {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 5))
        now--
        return 'Counted.'
      },
    })
    const { agent } = await setUpTeam([], { tools: [count] })
    const list = Array.from({ length: 8 }, () => 'call count')
    expect(await agent.tasks(list, { concurrency: 2 }).final()).toMatchObject({ completed: 8 })
    expect(most).toBeLessThanOrEqual(2)
  })

  it('may share a cost, and defaults that each may change', async () => {
    const { agent, server } = await setUpTeam([{ times: Infinity, reply: 'word '.repeat(90) }], {
      agents: undefined,
      maxTokens: 200,
    })
    // A reply costs about 0.0006 dollars.
    const list = [...Array.from({ length: 9 }, (_, n) => `Do ${n}.`), { description: 'Last.', context: 'b' }]
    const { completed, failed, results, totalCost } = await agent
      .tasks(list, { maxCost: 0.005, concurrency: 1, defaults: { context: 'a' } })
      .final()
    expect(totalCost).toBeLessThanOrEqual(0.005)
    expect(totalCost).toBe(server.ledger.cost.usd)
    expect([completed > 1, failed > 1]).toEqual([true, true])
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['completed', 'over_budget']))
    expect(JSON.stringify(server.requests[0]!.body)).toContain('<context>\\na\\n')
  })

  it('are all stopped by one signal', async () => {
    const { agent } = await setUpTeam([
      { times: Infinity, reply: { text: 'One, two. '.repeat(99), stallAfterEvents: 9 } },
    ])
    const controller = new AbortController()
    const batch = agent.tasks(['a', 'b', 'c'], { signal: controller.signal, concurrency: 2 }).final()
    setTimeout(() => controller.abort('enough'), 50)
    expect((await batch).results).toMatchObject([{ status: 'aborted' }, { status: 'aborted' }, { status: 'aborted' }])
  })

  it('are none in an empty list', async () => {
    const { agent } = await setUpTeam([])
    expect(await agent.tasks([]).final()).toMatchObject({ total: 0, results: [], usage: undefined })
    for await (const _ of agent.tasks([])) expect.unreachable()
    expect(() => agent.tasks([], { concurrency: 0 })).toThrow('concurrency')
  })
})
