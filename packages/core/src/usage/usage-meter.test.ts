import { afterEach, describe, expect, it, vi } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import type { ClientOptions } from '../client/client.ts'
import { createClient } from '../client/create-client.ts'
import { countTokens } from '../endpoints/messages/count-tokens.ts'
import { createMessage } from '../endpoints/messages/create-message.ts'
import { BudgetExceededError } from '../errors/budget-exceeded-error.ts'
import { ConfigError } from '../errors/config-error.ts'
import { ConnectionError } from '../errors/connection/connection-error.ts'
import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'
import { readJSON } from '../http/answer/read-json.ts'
import { send } from '../http/send.ts'
import { costOf } from '../models/cost-of.ts'
import type { MessageParams } from '../wire/index.ts'
import { boundCost } from './bound/cost-bound.ts'
import { memoryUsageStore } from './memory-usage-store.ts'
import { createUsageMeter, type UsageMeterOptions } from './usage-meter.ts'

const params: MessageParams = { model: 'claude-opus-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const usage = { input_tokens: 8, output_tokens: 5 }
const message = { id: 'msg_1', model: 'claude-opus-5-5', content: [{ type: 'text', text: 'Hello' }], usage }
const cost = costOf('opus', usage)!
const worst = boundCost(params, { body: JSON.stringify({ ...params, stream: false }) }).nanoUsd

let server: LocalServer | undefined
afterEach(async () => {
  vi.useRealTimers()
  await server?.close()
  server = undefined
})

type Answer = Parameters<typeof serve>[0]

async function metered(
  options: UsageMeterOptions,
  answer: Answer = (response) => reply(response, 200, message),
  clientOptions: ClientOptions = {},
  behind: ClientOptions['middleware'] = [],
) {
  server = await serve(answer)
  const meter = createUsageMeter(options)
  const client = createClient({
    apiKey: 'k',
    baseURL: server.url,
    middleware: [meter.middleware, ...behind],
    retry: { maxRetries: 0 },
    ...clientOptions,
  })
  return { meter, client, received: server.received }
}

describe('createUsageMeter', () => {
  it('books what a call costs, by project and model', async () => {
    const { meter, client } = await metered({ budgets: { docs: { usd: 1, period: 'month' } } })
    await createMessage(client, params, { project: 'docs' })
    expect(await meter.stats({ project: 'docs' })).toEqual({
      project: 'docs',
      period: 'month',
      totalTokens: 13,
      totalCost: cost.usd,
      totalNanoUsd: cost.nanoUsd,
      byModel: {
        'claude-opus-5-5': {
          calls: 1,
          unpricedCalls: 0,
          inputTokens: 8,
          outputTokens: 5,
          cacheWriteTokens: 0,
          cacheReadTokens: 0,
          tokens: 13,
          nanoUsd: cost.nanoUsd,
          cost: cost.usd,
        },
      },
      reserved: 0,
      limit: 1,
      remaining: (1e9 - cost.nanoUsd) / 1e9,
    })
    expect(await meter.stats()).toMatchObject({ project: 'default', totalTokens: 0, limit: undefined })
    await expect(meter.stats({ period: 'year' as never })).rejects.toThrow('period must be day, week, month, total.')
    // The budget is one of a month.
    expect(await meter.stats({ project: 'docs', period: 'day' })).toMatchObject({ totalTokens: 13, limit: undefined })
  })

  it('refuses a call that could break the budget, and sends nothing', async () => {
    const { meter, client, received } = await metered({ budgets: { default: { usd: (worst - 1) / 1e9 } } })
    const error = await createMessage(client, params).catch((error) => error)
    expect(error).toBeInstanceOf(BudgetExceededError)
    const limit = (worst - 1) / 1e9
    expect(error).toMatchObject({
      limit,
      remaining: limit,
      estimatedCost: worst / 1e9,
      project: 'default',
      retryable: false,
    })
    expect(received).toEqual([])
    expect(await meter.stats()).toMatchObject({ totalCost: 0, reserved: 0, remaining: limit })
  })

  it('lets a call pass whose worst case is what is left, to the nano-dollar', async () => {
    const { meter, client } = await metered({ budgets: { default: { usd: worst / 1e9 } } })
    await createMessage(client, params)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: cost.nanoUsd })
    await expect(createMessage(client, params)).rejects.toBeInstanceOf(BudgetExceededError)
  })

  it('holds parallel calls together under the budget', async () => {
    const { meter, client, received } = await metered({ budgets: { default: { usd: (3.5 * worst) / 1e9 } } })
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => createMessage(client, params)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(received).toHaveLength(3)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 3 * cost.nanoUsd, reserved: 0 })
  })

  it('keeps the worst case of an attempt that timed out, and reserves anew for the next', async () => {
    // A minute passes while the first attempt waits; the second has one of its own, however slow this machine is.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const { meter, client } = await metered(
      { budgets: { default: { usd: 1 } } },
      (response, attempt) => (attempt ? reply(response, 200, message) : vi.advanceTimersByTime(60_000)),
      { timeoutMs: 60_000, retry: { maxRetries: 1, baseDelayMs: 0 } },
    )
    await createMessage(client, params)
    const { totalNanoUsd, byModel } = await meter.stats()
    expect(totalNanoUsd).toBe(worst + cost.nanoUsd)
    expect(byModel['claude-opus-5-5']?.calls).toBe(2)
  })

  it('takes nothing for what the API refuses, and for a server that is not there', async () => {
    const { meter, client } = await metered({ budgets: { default: { usd: 1 } } }, (response) =>
      reply(response, 529, errorBody('overloaded_error')),
    )
    await expect(createMessage(client, params)).rejects.toThrow('overloaded')
    await server!.close()
    server = undefined
    await expect(createMessage(client, params)).rejects.toBeInstanceOf(ConnectionError)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 0, reserved: 0, byModel: {} })
  })

  it('gives back what was reserved for a call that was aborted while the store was busy', async () => {
    const store = memoryUsageStore()
    const abort = new AbortController()
    const busy = {
      ...store,
      reserve: async (...given: Parameters<typeof store.reserve>) => {
        const grant = await store.reserve(...given)
        abort.abort()
        return grant
      },
    }
    const { meter, client, received } = await metered({ store: busy })
    await expect(createMessage(client, params, { signal: abort.signal })).rejects.toBeInstanceOf(RequestAbortedError)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 0, reserved: 0 })
    expect(received).toEqual([])
  })

  it('lets what costs nothing pass, and takes a message without a budget as it is', async () => {
    const { meter, client, received } = await metered({ budgets: { default: { usd: 1e-9 } } })
    await countTokens(client, params)
    await send(client, { method: 'GET', path: '/v1/messages/batches' }, {}, readJSON)
    await send(client, { method: 'POST', path: '/v1/messages/batches/b/cancel' }, {}, readJSON)
    await createMessage(client, { ...params, model: 'claude-new-9' }, { project: 'free' })
    expect(received).toHaveLength(4)
    expect(await meter.stats()).toMatchObject({ totalTokens: 0 })
    // The answer says that a model with a price wrote it.
    expect(await meter.stats({ project: 'free' })).toMatchObject({ totalTokens: 13, totalNanoUsd: cost.nanoUsd })
  })

  it('refuses a model without a price under a budget, and counts its tokens without one', async () => {
    const model = 'claude-new-9'
    const { meter, client, received } = await metered({ budgets: { default: { usd: 1 } } }, (response) =>
      reply(response, 200, { ...message, model }),
    )
    await expect(createMessage(client, { ...params, model })).rejects.toBeInstanceOf(ConfigError)
    expect(received).toHaveLength(0)
    await createMessage(client, { ...params, model }, { project: 'free' })
    const { byModel, totalCost, totalTokens } = await meter.stats({ project: 'free' })
    expect(byModel[model]).toMatchObject({ calls: 1, unpricedCalls: 1, cost: 0 })
    expect([totalTokens, totalCost]).toEqual([13, 0])
  })

  it('keeps its sums exact beside a call that could cost more than there is', async () => {
    const meter = createUsageMeter()
    const modest = await meter.reserve(params)
    const absurd = await meter.reserve({ ...params, max_tokens: Number.MAX_SAFE_INTEGER })
    expect((await meter.stats()).reserved).toBe(modest.nanoUsd! / 1e9)
    await absurd.settle(usage)
    await modest.settle(usage)
    expect(await meter.stats()).toMatchObject({ reserved: 0, totalNanoUsd: 2 * cost.nanoUsd })
  })

  it('charges a batch its worst case at batch prices when it is accepted', async () => {
    const { meter, client } = await metered({ budgets: { default: { usd: 1 } } }, (response, attempt) =>
      attempt ? reply(response, 400, errorBody('invalid_request_error')) : reply(response, 200, { id: 'msgbatch_1' }),
    )
    const requests = ['a', 'b'].map((custom_id) => ({ custom_id, params }))
    const batch = { method: 'POST', path: '/v1/messages/batches', body: { requests } }
    await send(client, batch, {}, readJSON)
    const one = boundCost(params, { batch: true }).nanoUsd
    expect(one).toBeLessThan(worst * 0.6)
    await expect(send(client, batch, {}, readJSON)).rejects.toThrow('400')
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 2 * one, reserved: 0 })
  })

  it("measures by the API, with the call's own credential, where a local bound does not fit", async () => {
    const messages = [{ role: 'user' as const, content: 'word '.repeat(20_000) }]
    const answer: Answer = (response, attempt) => reply(response, 200, attempt ? message : { input_tokens: 20_005 })
    const { meter, client, received } = await metered({ budgets: { default: { usd: 0.1 } }, count: 'api' }, answer)
    await createMessage(client, { ...params, messages, system: 'Be brief.' })
    expect(received.map(({ url }) => url)).toEqual(['/v1/messages/count_tokens', '/v1/messages'])
    expect(received[0]?.body).toEqual({ model: params.model, messages, system: 'Be brief.' })
    expect(received[0]?.headers).toMatchObject({ 'x-api-key': 'k' })
    expect(received[0]?.headers).not.toHaveProperty('idempotency-key')
    expect(received[1]?.headers).toHaveProperty('idempotency-key')
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: cost.nanoUsd })
    await createMessage(client, params)
    expect(received).toHaveLength(3)
  })

  it('charges nothing where a meter behind it has the prompt counted, and refuses', async () => {
    const inner = createUsageMeter({ budgets: { default: { usd: 0.000_1 } }, count: 'api' })
    const { meter, client, received } = await metered(
      { budgets: { default: { usd: 1 } } },
      (response) => reply(response, 200, { input_tokens: 9 }),
      {},
      [inner.middleware],
    )
    await expect(createMessage(client, params)).rejects.toBeInstanceOf(BudgetExceededError)
    expect(received).toHaveLength(1)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 0, reserved: 0 })
  })

  it('measures what cannot be bounded here, and says so where that is not asked for', async () => {
    const source = { type: 'url' as const, url: 'https://x.example/report.pdf' }
    const messages = [{ role: 'user' as const, content: [{ type: 'document' as const, source }] }]
    const answer: Answer = (response, attempt) => reply(response, 200, attempt ? message : { input_tokens: 9_000 })
    const budgets = { default: { usd: 1 } }
    const { client, received } = await metered({ budgets, count: 'api' }, answer)
    const { advice } = boundCost({ ...params, messages })
    await expect(createUsageMeter({ budgets }).reserve({ ...params, messages })).rejects.toThrow(advice)
    await createMessage(client, { ...params, messages })
    expect(received).toHaveLength(2)
  })

  it('refuses what does not fit by the API either, and passes its errors on', async () => {
    const messages = [{ role: 'user' as const, content: 'word '.repeat(20_000) }]
    const answer: Answer = (response, attempt) =>
      attempt ? reply(response, 429, errorBody('rate_limit_error')) : reply(response, 200, { input_tokens: 90_000 })
    const { meter, client } = await metered({ budgets: { default: { usd: 0.1 } }, count: 'api' }, answer)
    await expect(createMessage(client, { ...params, messages })).rejects.toBeInstanceOf(BudgetExceededError)
    await expect(createMessage(client, { ...params, messages })).rejects.toMatchObject({ status: 429 })
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 0, reserved: 0 })
  })

  describe('lowers max_tokens to what is left, where so much is wanted,', () => {
    const sent = { ...params, max_tokens: 20_000 }
    const budgets = { default: { usd: 0.1 } }

    it('to the last nano-dollar', async () => {
      const { client, meter, received } = await metered({ budgets, minOutputTokens: 1_024 })
      await createMessage(client, sent)
      const body = received[0]?.body as MessageParams
      const bound = (max_tokens: number) => boundCost({ ...sent, max_tokens }, { body: JSON.stringify(body) }).nanoUsd
      expect(body).toEqual({ ...sent, stream: false, max_tokens: expect.any(Number) })
      expect(bound(body.max_tokens)).toBeLessThanOrEqual(100_000_000)
      expect(bound(body.max_tokens + 1)).toBeGreaterThan(99_990_000)
      expect(await meter.stats()).toMatchObject({ totalNanoUsd: cost.nanoUsd, reserved: 0 })
    })

    it('also for many at once, which together stay within it', async () => {
      const { client, received } = await metered({ budgets: { default: { usd: 0.3 } }, minOutputTokens: 1_024 })
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => createMessage(client, sent)))
      const bodies = received.map(({ body }) => body as MessageParams)
      const worstOf = (body: MessageParams) => boundCost(body, { body: JSON.stringify(body) }).nanoUsd
      expect(bodies[0]!.max_tokens).toBeLessThan(20_000)
      expect(worstOf(bodies[0]!)).toBeLessThanOrEqual(300_000_000)
      for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(BudgetExceededError)
    })

    it('with less thinking, where else nothing would be left for an answer', async () => {
      const thinking = (budget_tokens: number) => ({ type: 'enabled' as const, budget_tokens })
      const { client, received } = await metered({ budgets, minOutputTokens: 1_024 })
      const haiku = { ...sent, model: 'claude-haiku-4-5' }
      await createMessage(client, { ...haiku, thinking: thinking(19_999) })
      await createMessage(client, { ...haiku, thinking: thinking(2_000) })
      expect(received.map(({ body }) => (body as MessageParams).thinking)).toEqual([thinking(1_024), thinking(2_000)])
    })

    it('and refuses what would have less, naming that', async () => {
      const { client, received } = await metered({ budgets: { default: { usd: 0.02 } }, minOutputTokens: 1_024 })
      const error = await createMessage(client, sent).catch((error) => error)
      expect(error).toBeInstanceOf(BudgetExceededError)
      expect(error.estimatedCost).toBeCloseTo(boundCost({ ...sent, max_tokens: 1_024 }).nanoUsd / 1e9, 3)
      expect(received).toHaveLength(0)
    })

    it('by what the API counts, and by what is known here where it does not', async () => {
      const messages = [{ role: 'user' as const, content: 'word '.repeat(4_000) }]
      for (const counted of [{ input_tokens: 4_000 }, undefined]) {
        const { client, received } = await metered(
          { budgets: { default: { usd: 0.2 } }, minOutputTokens: 1_024, count: 'api' },
          (response, attempt) =>
            attempt || counted ? reply(response, 200, attempt ? message : counted) : reply(response, 404, {}),
        )
        await createMessage(client, { ...sent, messages })
        const { max_tokens } = received[1]!.body as MessageParams
        expect(max_tokens > 7_000).toBe(!!counted)
        await server?.close()
      }
    })
  })

  it('meters calls that go another way', async () => {
    const meter = createUsageMeter({ budgets: { default: { usd: 1, period: 'day' } } })
    const reservation = await meter.reserve(params)
    expect(reservation).toMatchObject({ project: 'default', model: 'claude-opus-5-5', nanoUsd: expect.any(Number) })
    expect(await meter.stats()).toMatchObject({ reserved: reservation.nanoUsd! / 1e9, totalCost: 0 })
    await reservation.settle(usage)
    await reservation.release()
    expect(await meter.stats()).toMatchObject({ reserved: 0, totalCost: cost.usd })
    await (await meter.reserve(params, { project: 'other' })).release()
    expect(await meter.stats({ project: 'other' })).toMatchObject({ reserved: 0, totalCost: 0, byModel: {} })
  })
})

describe('the periods of a budget', () => {
  it('start anew in UTC, and keep what was reserved before', async () => {
    let now = Date.parse('2024-02-29T23:59:59.999Z')
    const budgets = { default: { usd: (1.5 * worst) / 1e9, period: 'month' as const } }
    const meter = createUsageMeter({ budgets, now: () => now })
    const leap = await meter.reserve(params)
    await expect(meter.reserve(params)).rejects.toBeInstanceOf(BudgetExceededError)
    now++
    await (await meter.reserve(params)).settle(usage)
    await leap.settle(usage)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: cost.nanoUsd })
    expect(await meter.stats({ period: 'total' })).toMatchObject({ totalNanoUsd: 2 * cost.nanoUsd })
    now -= 86_400_000
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: cost.nanoUsd })
  })
})

describe('onThreshold', () => {
  it('is told once of each part that is reached, in each period', async () => {
    let now = Date.parse('2026-11-21T12:00:00Z')
    const seen: string[] = []
    const meter = createUsageMeter({
      budgets: { default: { usd: 0.01, period: 'day' } },
      thresholds: [1, 0.5, 0.8],
      now: () => now,
      onThreshold: ({ project, period, threshold, spent, limit }) =>
        seen.push(`${project} ${period} ${threshold} ${spent}/${limit}`),
    })
    const spend = async (output_tokens: number) => (await meter.reserve(params)).settle({ output_tokens })
    await spend(200) // $0.004
    expect(seen).toEqual([])
    await spend(210) // $0.0082
    expect(seen).toEqual(['default day 0.5 0.0082/0.01', 'default day 0.8 0.0082/0.01'])
    now += 86_400_000
    await spend(500)
    expect(seen.slice(2)).toEqual(['default day 0.5 0.01/0.01', 'default day 0.8 0.01/0.01', 'default day 1 0.01/0.01'])
  })

  it('is told nothing of a project without a budget, nor of another one', async () => {
    const seen: unknown[] = []
    const budgets = { rich: { usd: 9_000_000 } }
    const meter = createUsageMeter({ budgets, onThreshold: (event) => seen.push(event) })
    await (await meter.reserve(params)).settle(usage)
    expect(seen).toEqual([])
  })
})

describe('a store that fails', () => {
  it('stops all spending until what was spent is in it', async () => {
    const inner = memoryUsageStore()
    let broken = false
    const store = {
      ...inner,
      settle: async (...given: Parameters<typeof inner.settle>) => {
        if (broken) throw new Error('disk full')
        return inner.settle(...given)
      },
    }
    const { meter, client, received } = await metered({ store })
    broken = true
    // It is here and paid for, whatever the store says.
    await createMessage(client, params)
    await expect(meter.stats()).rejects.toThrow('disk full')
    await expect(createMessage(client, params)).rejects.toThrow('disk full')
    expect(received).toHaveLength(1)
    broken = false
    await createMessage(client, params)
    expect(await meter.stats()).toMatchObject({ totalNanoUsd: 2 * cost.nanoUsd, reserved: 0 })
  })
})

describe('an option that is not usable', () => {
  it.each<[UsageMeterOptions, string]>([
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-10, 1e7, '5'].map((usd): [UsageMeterOptions, string] => [
      { budgets: { docs: { usd: usd as number } } },
      'budgets.docs.usd must be more than 0 and at most 9007199.',
    ]),
    [
      { budgets: { docs: { usd: 1, period: 'year' as never } } },
      'budgets.docs.period must be day, week, month, total.',
    ],
    [{ budgets: { docs: 5 as never } }, 'budgets.docs.usd must be'],
    [{ budgets: { docs: null as never } }, 'budgets.docs.usd must be'],
    [{ thresholds: [0.5, 0] }, 'thresholds must be more than 0.'],
    [{ thresholds: [Number.NaN] }, 'thresholds must be more than 0.'],
    [{ minOutputTokens: 0 }, 'minOutputTokens must be 1 or more.'],
    [{ count: 'guess' as never }, 'count must be local or api.'],
    [{ searchTokens: 0 }, 'searchTokens must be more than 0.'],
    [{ project: '' }, 'project must be'],
  ])('%j is a ConfigError', (options, message) => {
    expect(() => createUsageMeter(options)).toThrow(ConfigError)
    expect(() => createUsageMeter(options)).toThrow(message)
  })
})
