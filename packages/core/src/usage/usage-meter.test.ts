import { describe, expect, it } from 'vitest'
import { createClient } from '../client/client.ts'
import { createMessage } from '../create-message.ts'
import { BudgetExceededError } from '../errors/budget-exceeded-error.ts'
import { costOf } from '../models/cost-of.ts'
import type { MessageParams } from '../wire/index.ts'
import { createUsageMeter, type UsageMeterOptions } from './usage-meter.ts'

const params: MessageParams = { model: 'claude-opus-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const usage = { input_tokens: 8, output_tokens: 5 }
const message = { id: 'msg_1', model: 'claude-opus-5-5', content: [{ type: 'text', text: 'Hello' }], usage }

function metered(options: UsageMeterOptions, answer: () => Response = () => Response.json(message)) {
  const meter = createUsageMeter(options)
  const sent: string[] = []
  const fetch = async (url: unknown) => {
    sent.push(String(url))
    return answer()
  }
  const client = createClient({
    apiKey: 'k',
    middleware: [meter.middleware],
    fetch: fetch as never,
    retry: { maxRetries: 0 },
  })
  return { meter, client, sent }
}

describe('createUsageMeter', () => {
  it('books what a call costs, by project and model', async () => {
    const { meter, client } = metered({ budgets: { docs: { usd: 1, period: 'month' } } })
    await createMessage(client, params, { project: 'docs' })
    const cost = costOf('opus', usage)!
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
  })

  it('refuses a call that could break the budget, and sends nothing', async () => {
    const { meter, client, sent } = metered({ budgets: { default: { usd: 0.001 } } })
    const error = await createMessage(client, params).catch((error) => error)
    expect(error).toBeInstanceOf(BudgetExceededError)
    expect(error).toMatchObject({ limit: 0.001, remaining: 0.001, project: 'default' })
    expect(error.estimatedCost).toBeGreaterThan(0.001)
    expect(sent).toEqual([])
    expect(await meter.stats()).toMatchObject({ totalCost: 0, reserved: 0, remaining: 0.001 })
  })
})
