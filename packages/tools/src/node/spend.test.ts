import { costOf, createClient, createUsageMeter, type Message, withOptions } from '@enjamb/core'
import { createMockServer, script } from '@enjamb/testing'
import { expect, it } from 'vitest'
import { page, serve } from '../../test/serve.ts'
import { runTools } from '../index.ts'
import { createAsk } from './web/model-answers.ts'
import { webFetchTool } from './web/web-fetch-tool.ts'

it('counts what an answer about a page costs in the run that asked', async () => {
  const { url } = await serve(page('the content', 'text/plain'))
  const server = await createMockServer({
    script: script([
      {
        toolCalls: [{ name: 'WebFetch', input: { url, prompt: 'What?' } }],
        usage: { input_tokens: 10, output_tokens: 1 },
      },
      { text: 'It is so.', usage: { input_tokens: 100, output_tokens: 7 } },
      { text: 'Done.', usage: { input_tokens: 1000, output_tokens: 3 } },
    ]),
  })
  try {
    const client = createClient({ apiKey: 'test', baseURL: server.url })
    const ask = createAsk(client)
    const run = runTools(
      client,
      {
        model: 'claude-sonnet-5-5',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'x' }],
        tools: [webFetchTool({ allowPrivateAddresses: true, ask })],
      },
      { costOf },
    )
    const { usage, cost } = await run.final()
    expect(usage).toMatchObject({ input_tokens: 1110, output_tokens: 11 })
    const one = (model: string, input_tokens: number, output_tokens: number) =>
      costOf(model, { input_tokens, output_tokens } as Message['usage'])!.nanoUsd
    expect(cost?.nanoUsd).toBe(one('claude-sonnet-5-5', 1010, 4) + one('claude-haiku-4-5', 100, 7))
  } finally {
    await server.close()
  }
})

it('asks about a page within what the run may spend, and once where the client has the same meter', async () => {
  const { url } = await serve(page('the content', 'text/plain'))
  const server = await createMockServer()
  try {
    const outer = createClient({ apiKey: 'test', baseURL: server.url })
    async function run(usd: number, isShared: boolean) {
      const meter = createUsageMeter({ budgets: { default: { usd } } })
      const asked = isShared ? withOptions(outer, { middleware: [meter.middleware] }) : outer
      const tools = [webFetchTool({ allowPrivateAddresses: true, ask: createAsk(asked) })]
      const messages = [{ role: 'user' as const, content: `call WebFetch ${JSON.stringify({ url, prompt: 'What?' })}` }]
      const params = { model: 'claude-haiku-4-5', max_tokens: 100, messages, tools }
      const { calls } = await runTools(outer, params, { budget: meter }).final()
      return { calls, spent: (await meter.stats()).totalCost }
    }
    for (const isShared of [false, true]) {
      const before = server.ledger.cost.usd
      const { calls, spent } = await run(1, isShared)
      expect(calls).toMatchObject([{ isError: false }])
      expect(spent).toBeCloseTo(server.ledger.cost.usd - before, 12)
    }
    // An answer of 2,000 tokens costs up to a cent.
    const { calls } = await run(0.009, false)
    expect(calls).toMatchObject([{ isError: true, result: expect.stringMatching('could cost') }])
  } finally {
    await server.close()
  }
})
