import { createClient, createPacer, createUsageMeter, type Pacer } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type MessageStream, streamMessage, toReadableStream } from '../src/index.ts'

let server: MockServer
afterEach(() => server.close())

const text = 'one two three four five six seven eight nine ten'

/** A stream under a budget, and through a pacer, on a server that keeps books of its own. */
async function setUp(turn: Turn) {
  server = await createMockServer({ script: script([turn]) })
  const meter = createUsageMeter({ budgets: { default: { usd: 1 } } })
  const pacer: Pacer = createPacer({ concurrency: 1 })
  const client = createClient({
    apiKey: 'k',
    baseURL: server.url,
    retry: { maxRetries: 0 },
    middleware: [pacer.middleware, meter.middleware],
  })
  const params = {
    model: 'claude-haiku-4-5',
    max_tokens: 500,
    messages: [{ role: 'user' as const, content: 'Count.' }],
  }
  return { meter, ask: (): MessageStream => streamMessage(client, params) }
}

describe('what a meter books for a stream that', () => {
  it('was read, is what the API would bill', async () => {
    const { meter, ask } = await setUp(text)
    await ask().final()
    expect((await meter.stats()).totalCost).toBeCloseTo(server.ledger.cost.usd, 12)
  })

  it('was only passed on, is that too', async () => {
    const { meter, ask } = await setUp(text)
    await new Response(toReadableStream(ask())).arrayBuffer()
    expect((await meter.stats()).totalCost).toBeCloseTo(server.ledger.cost.usd, 12)
  })

  it('was left early, is something, and less than the worst case; nothing stays set aside', async () => {
    const { meter, ask } = await setUp({ text, tokensPerSecond: 100 })
    for await (const _ of ask().text()) break
    const { totalCost, remaining } = await meter.stats()
    expect(totalCost).toBeGreaterThan(0)
    expect(totalCost).toBeLessThan(0.002)
    expect(totalCost + remaining!).toBeCloseTo(1, 9)
  })

  it('was refused, is nothing', async () => {
    const { meter, ask } = await setUp({ error: { status: 529 } })
    await expect(ask().final()).rejects.toMatchObject({ code: 'overloaded' })
    expect(await meter.stats()).toMatchObject({ totalCost: 0, remaining: 1 })
  })
})

it('a stream that is given up makes way for the next one', async () => {
  const { ask } = await setUp({ text, tokensPerSecond: 100 })
  for await (const _ of ask().text()) break
  expect((await ask().final()).stop_reason).toBe('end_turn')
})
