import { createClient } from '@enjamb/core'
import { defineTool } from '@enjamb/tools'
import { createSearch, webSearchTool } from '@enjamb/tools/node'
import { describe, expect, it } from 'vitest'
import { ask, input, look, setUpTeam, usage, whenAsked, worstCase } from '../../test/set-up-team.ts'

const dollars = (nanoUsd: number) => nanoUsd / 1e9
const nothing = { agents: undefined, maxTokens: 1_000 }

describe('what a task may cost', () => {
  it('is never exceeded by a nano-dollar: the request that could is not made', async () => {
    const turns = [
      { text: 'I look.', toolCalls: [{ name: 'look' }], usage },
      { text: 'Done.', usage },
    ]
    const { agent, server } = await setUpTeam([...turns, ...turns, ...turns], { tools: [look], ...nothing })
    await agent.task('Look.').final()
    const first = server.ledger.entries[0]!.cost!.nanoUsd
    const enough = first + (await worstCase(server.requests[1]!))
    const result = await agent.task('Look.', { maxCost: dollars(enough - 1) }).final()
    expect(result).toMatchObject({
      status: 'over_budget',
      result: { summary: 'I look.' },
      error: { code: 'budget_exceeded' },
      cost: { nanoUsd: first },
    })
    expect(server.requests).toHaveLength(3)
    const none = await agent.task('Other.', { maxCost: 1e-9 }).final()
    expect(none).toMatchObject({ status: 'over_budget', cost: { usd: 0 }, usage: { total_tokens: 0 } })
    expect(server.requests).toHaveLength(3)
  })

  it('is enough where it is exactly that', async () => {
    const turns = [
      { text: 'I look.', toolCalls: [{ name: 'look' }], usage },
      { text: 'Done.', usage },
    ]
    const { agent, server } = await setUpTeam([...turns, ...turns], { tools: [look], ...nothing })
    await agent.task('Look.').final()
    const enough = server.ledger.entries[0]!.cost!.nanoUsd + (await worstCase(server.requests[1]!))
    expect(await agent.task('Look.', { maxCost: dollars(enough) }).final()).toMatchObject({ status: 'completed' })
  })

  it('goes for what its sub-agents and searches ask, and for retries', async () => {
    let url = ''
    const fetch: typeof globalThis.fetch = (_, init) => globalThis.fetch(`${url}/v1/messages`, init)
    const search = createSearch(createClient({ apiKey: 'key', fetch }), { maxUses: 1 })
    const { agent, server } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ prompt: 'Search it.' })),
        whenAsked(/Search it/, { toolCalls: [{ name: 'WebSearch', input: { query: 'cats' } }], usage }),
        whenAsked(/Search the web/, { text: 'They purr.', usage }),
        whenAsked(/Search it/, { error: 529 }),
        whenAsked(/Search it/, { text: 'They purr.', usage }),
        whenAsked(/Go/, { text: 'Heard.', usage }),
      ],
      { maxTokens: 1_000, retry: { maxRetries: 2, baseDelayMs: 1 }, tools: [webSearchTool(search)] },
    )
    url = server.url
    const result = await agent.task('Go.', { maxCost: 1, allowAgents: ['general'] }).final()
    expect(result).toMatchObject({ status: 'completed', result: { summary: 'Heard.' } })
    expect(result.executionLog.filter(({ type }) => type === 'retry')).toMatchObject([{ content: { attempt: 1 } }])
    expect(result.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    // In the worst case a search brings in as much as the model can read.
    const { executionLog } = await agent.task('call WebSearch {"query": "cats"}', { maxCost: 0.1 }).final()
    expect(executionLog.find(({ type }) => type === 'tool_result')).toMatchObject({
      content: { isError: true, content: expect.stringContaining('could cost') },
    })
  })

  it('is what is left of it after a restart', async () => {
    const wait = defineTool({ name: 'wait', description: 'Waits.', input })
    const turns = [
      { toolCalls: [{ id: 'toolu_1', name: 'wait' }], usage },
      { text: 'Done.', usage },
    ]
    const { agent, server } = await setUpTeam([...turns, ...turns], { tools: [wait], ...nothing })
    const decisions = { toolu_1: { content: 'Now.' } }
    await agent.task('Wait.', { id: 'a' }).final()
    await agent.task('Wait.', { id: 'a', decisions }).final()
    const enough = server.ledger.entries[0]!.cost!.nanoUsd + (await worstCase(server.requests[1]!))

    const maxCost = dollars(enough - 1)
    expect(await agent.task('Wait.', { id: 'b', maxCost }).final()).toMatchObject({ status: 'waiting' })
    expect(await agent.task('Wait.', { id: 'b', maxCost, decisions }).final()).toMatchObject({ status: 'over_budget' })
    expect(server.requests).toHaveLength(3)
    expect(await agent.task('Wait.', { id: 'b', maxCost: dollars(enough) }).final()).toMatchObject({
      status: 'completed',
      result: { summary: 'Done.' },
    })
  })

  it('is said to the model when 80 % of it are gone, once, and only if it goes on', async () => {
    const dear = { input_tokens: 10_000, output_tokens: 0 }
    const { agent, server } = await setUpTeam(
      [
        { times: 9, reply: { toolCalls: [{ name: 'look' }], usage: dear } },
        { text: 'Done.', usage },
        { text: 'Done.', usage: { input_tokens: 81_000, output_tokens: 0 } },
      ],
      { tools: [look], agents: undefined, maxTokens: 100 },
    )
    // A reply costs a cent.
    const { status } = await agent.task('Look.', { maxCost: 0.1 }).final()
    expect(status).toBe('completed')
    const notices = server.requests.map(({ body }) => JSON.stringify(body).split('80 % of the $0.1 ').length - 1)
    expect(notices).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    expect(await agent.task('Look.', { maxCost: 0.1 }).final()).toMatchObject({ status: 'completed' })
    expect(server.requests).toHaveLength(11)
  })
})
