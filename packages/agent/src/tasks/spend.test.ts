import { createClient, type MessageParams } from '@enjamb/core'
import type { Reply, Turn, TurnRequest } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { createSearch, webSearchTool } from '@enjamb/tools/node'
import { describe, expect, it } from 'vitest'
import {
  ask,
  asked,
  childrenOf,
  entriesOf,
  input,
  look,
  setUpTeam,
  usage,
  whenAsked,
  worstCase,
} from '../../test/set-up-team.ts'
import { firstDifference } from '../context/cache/first-difference.ts'

const dollars = (nanoUsd: number) => nanoUsd / 1e9
const nothing = { agents: undefined, maxTokens: 1_000 }
const isTold = (params: unknown) => JSON.stringify(params).includes('[A notice, not from the user] ')

describe('what a task may cost', () => {
  const turns: Turn[] = [{ text: 'I look.', toolCalls: [{ name: 'look' }] }, 'Done.']

  it('is never exceeded by a nano-dollar: the request that could is not made', async () => {
    const { agent, server } = await setUpTeam([...turns, ...turns, ...turns], { tools: [look], ...nothing })
    await agent.task('Look.').final()
    const first = server.ledger.entries[0]!.cost!.nanoUsd
    const enough = first + (await worstCase(server, 1))
    const result = await agent.task('Look.', { maxCost: dollars(enough - 1) }).final()
    expect(result).toMatchObject({
      status: 'over_budget',
      result: { summary: 'I look.' },
      error: { code: 'budget_exceeded' },
      cost: { nanoUsd: first },
    })
    expect(asked(server)).toHaveLength(3)
    const none = await agent.task('Other.', { maxCost: 1e-9 }).final()
    expect(none).toMatchObject({ status: 'over_budget', cost: { usd: 0 }, usage: { total_tokens: 0 } })
    expect(asked(server)).toHaveLength(3)
  })

  it('is enough where it is exactly that', async () => {
    const { agent, server } = await setUpTeam([...turns, ...turns], { tools: [look], ...nothing })
    await agent.task('Look.').final()
    const enough = server.ledger.entries[0]!.cost!.nanoUsd + (await worstCase(server, 1))
    expect(await agent.task('Look.', { maxCost: dollars(enough) }).final()).toMatchObject({ status: 'completed' })
  })

  describe('lowers what a request may write, rather than to refuse it,', () => {
    it('so that a small cap with the default maxTokens is of use, and the notice is heard, at what the cache saves', async () => {
      const { agent, server } = await setUpTeam(
        [{ times: 8, reply: ({ params }) => (isTold(params) ? 'Done.' : { toolCalls: [{ name: 'look' }] }) }],
        {
          tools: [{ ...look, run: () => 'A cat. '.repeat(2_000) }],
          agents: undefined,
          maxTokens: undefined,
          cache: true,
        },
      )
      const { status, cost } = await agent.task('Look.', { maxCost: 0.05 }).final()
      expect(status).toBe('completed')
      expect(cost!.nanoUsd).toBeLessThanOrEqual(50_000_000)
      const bodies = asked(server).map(({ body }) => body as MessageParams)
      expect(isTold(bodies.at(-1)!)).toBe(true)
      const tokens = bodies.map(({ max_tokens }) => max_tokens)
      expect(tokens[0]).toBeLessThan(32_000)
      expect(tokens).toEqual(tokens.toSorted((a, b) => b - a))
      expect(Math.min(...tokens)).toBeGreaterThanOrEqual(1_024)
      // Each begins as the one before it, which is what the cache is found by.
      for (const [n, body] of bodies.slice(1).entries()) expect(firstDifference(bodies[n]!, body)).toBeUndefined()
      expect(server.ledger.entries.at(-1)!.usage!.cache_read_input_tokens).toBeGreaterThan(0)
    })

    it.each<[string, Turn]>([
      ['a text', { text: 'word '.repeat(9_000) }],
      ['a call', { text: 'I look.', stopReason: 'max_tokens', toolCalls: [{ name: 'look' }] }],
    ])('and is over where %s is cut off there', async (_, reply) => {
      const { agent, server } = await setUpTeam([reply, 'And on.'], {
        tools: [look],
        agents: undefined,
        maxTokens: undefined,
      })
      const task = { id: 'a', maxCost: 0.02 }
      const result = await agent.task('Write.', task).final()
      expect(result).toMatchObject({
        status: 'over_budget',
        error: { code: 'budget_exceeded', message: expect.stringContaining('cut off') },
      })
      expect(result.cost!.nanoUsd).toBe(server.ledger.cost.nanoUsd)
      expect(result.result.summary).toMatch(/^word|^I look/)
      const more = await agent.task('Write.', { ...task, maxCost: 1 }).final()
      expect(more).toMatchObject({ status: 'completed', result: { summary: 'And on.' } })
    })
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

  describe('goes for summaries of its history,', () => {
    const long = { ...look, run: () => 'A cat. '.repeat(3_000) }
    const isAPIs = (params: object) => 'compaction' in params
    const isSummary = (params: MessageParams) =>
      isAPIs(params) || JSON.stringify(params.messages.at(-1)).includes('Put the conversation so far into a summary')
    /** Looks until it has a summary. */
    const reply = ({ params }: TurnRequest): Reply => {
      if (isSummary(params)) return 'A cat was seen.'
      return JSON.stringify(params.messages[0]).includes('A cat was seen.')
        ? 'Done.'
        : { toolCalls: [{ name: 'look' }] }
    }
    const setUp = (model: string) =>
      setUpTeam([{ times: 20, reply }], {
        tools: [long],
        agents: undefined,
        maxTokens: undefined,
        model,
        compaction: { atTokens: 9_000 },
      })

    it('of which the model writes those that the API would write at too high a price', async () => {
      const { agent, server } = await setUp('claude-sonnet-5-5')
      const result = await agent.task('Look.', { maxCost: 0.4 }).final()
      expect(result).toMatchObject({ status: 'completed', result: { summary: 'Done.' } })
      expect(result.executionLog).toContainEqual(expect.objectContaining({ type: 'compaction' }))
      const summaries = asked(server).filter(({ body }) => isSummary(body as MessageParams))
      expect(summaries).toHaveLength(1)
      expect(isAPIs(summaries[0]!.body as object)).toBe(false)
      expect(result.cost!.nanoUsd).toBe(server.ledger.cost.nanoUsd)
      expect(result.costAtMost).toBe(server.ledger.cost.usd)
      // With enough of it the API is asked, which is best.
      const rich = await setUp('claude-sonnet-5-5')
      const { cost } = await rich.agent.task('Look.', { maxCost: 20 }).final()
      expect(asked(rich.server).some(({ body }) => isAPIs(body as object))).toBe(true)
      expect(cost!.nanoUsd).toBe(rich.server.ledger.cost.nanoUsd)
    })

    it('and goes on without one where none can be whole, as long as there is room', async () => {
      const { agent, server } = await setUp('claude-haiku-4-5')
      const result = await agent.task('Look.', { maxCost: 0.04 }).final()
      expect(result.status).toBe('over_budget')
      expect(asked(server).filter(({ body }) => isSummary(body as MessageParams))).toHaveLength(0)
      expect(asked(server).length).toBeGreaterThan(2)
      expect(server.ledger.cost.nanoUsd).toBe(result.cost!.nanoUsd)
      expect(result.cost!.nanoUsd).toBeLessThanOrEqual(40_000_000)
    })
  })

  it('is shared by sub-agents at work beside one another: what is set aside for one is waited for, and no reason to refuse another', async () => {
    const { agent, server } = await setUpTeam(
      [
        whenAsked(/Go/, ask({ prompt: 'Find a.' }, { prompt: 'Find b.' }, { prompt: 'Find c.' })),
        whenAsked(/Find/, 'Found.', 3),
        whenAsked(/Go/, 'Done.'),
      ],
      { maxTokens: undefined },
    )
    const { status, executionLog, costAtMost } = await agent.task('Go.', { maxCost: 0.03 }).final()
    expect(status).toBe('completed')
    const results = executionLog.flatMap((step) => (step.type === 'tool_result' ? [step.content.content] : []))
    expect(results).toEqual(['Found.', 'Found.', 'Found.'])
    expect(costAtMost).toBe(server.ledger.cost.usd)
  })

  it.each([false, true])(
    'is over where it is reached deep in a sub-agent (in the background: %s), whose report says so',
    async (background) => {
      const { agent, server } = await setUpTeam(
        [
          whenAsked(/Go/, ask({ prompt: 'Middle.', background })),
          whenAsked(/Middle/, ask({ prompt: 'Deep.' })),
          whenAsked(/Deep/, { toolCalls: [{ name: 'look' }] }, 9),
          { times: 9, reply: 'Heard.' },
        ],
        { tools: [{ ...look, run: () => 'A cat. '.repeat(2_000) }], maxTokens: undefined },
      )
      const { id, status, cost } = await agent.task('Go.', { maxCost: 0.05 }).final()
      expect(['over_budget', 'completed']).toContain(status)
      expect(cost!.nanoUsd).toBe(server.ledger.cost.nanoUsd)
      const [middle] = await childrenOf(agent.store, id)
      const results = (await entriesOf(agent.store, middle!)).filter(({ type }) => type === 'result')
      expect(results).toMatchObject([{ isError: true, content: expect.stringContaining('what it may spend is spent') }])
    },
  )

  it('is what is left of it after a restart', async () => {
    const wait = defineTool({ name: 'wait', description: 'Waits.', input })
    const turns = [{ toolCalls: [{ id: 'toolu_1', name: 'wait' }] }, 'Done.']
    const { agent, server } = await setUpTeam([...turns, ...turns], { tools: [wait], ...nothing })
    const decisions = { toolu_1: { content: 'Now.' } }
    await agent.task('Wait.', { id: 'a' }).final()
    await agent.task('Wait.', { id: 'a', decisions }).final()
    const enough = server.ledger.entries[0]!.cost!.nanoUsd + (await worstCase(server, 1))

    const maxCost = dollars(enough - 1)
    expect(await agent.task('Wait.', { id: 'b', maxCost }).final()).toMatchObject({ status: 'waiting' })
    expect(await agent.task('Wait.', { id: 'b', maxCost, decisions }).final()).toMatchObject({ status: 'over_budget' })
    expect(asked(server)).toHaveLength(3)
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
    const notices = asked(server).map(({ body }) => JSON.stringify(body).split('80 % of the $0.1 ').length - 1)
    expect(notices).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    expect(await agent.task('Look.', { maxCost: 0.1 }).final()).toMatchObject({ status: 'completed' })
    expect(asked(server)).toHaveLength(11)
  })
})
