import { checkHealth, createUsageMeter, findModel } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { mockChat } from '../test/mock-chat.ts'
import { batch, totalTokens, withAuto } from './index.ts'

// What docs/coming-from.md says of two Python clients, each name of theirs beside what does its work here.

describe('ChatClient of claude-py', () => {
  it('.chat, .stream and .collect, stateless, with system, model and max_tokens for each call', async () => {
    const { chat, sent } = await mockChat()
    const call = { system: 'Be brief.', model: 'haiku', maxTokens: 50 }
    expect((await chat.chat('Hi', call)).text).toBe('You said: Hi')
    let streamed = ''
    for await (const { text } of chat.stream('Hi', call)) streamed += text
    expect(streamed).toBe('You said: Hi')
    expect(await chat.collect([{ role: 'user', content: 'Hi' }], call)).toBe('You said: Hi')
    const asked = { system: 'Be brief.', model: findModel('haiku')!.id, max_tokens: 50, messages: [{ content: 'Hi' }] }
    expect(sent()).toMatchObject([asked, asked, asked])
  })
})

describe('ClaudeClient, with budgets and batches', () => {
  it('complete(prompt, model, project_id, timeout): id, model, content, usage, total_tokens, cost, project_id', async () => {
    const { chat } = await mockChat()
    const reply = await chat.chat('Hi', { model: 'opus', project: 'p', timeoutMs: 30_000 })
    expect(reply).toMatchObject({
      id: expect.any(String),
      model: findModel('opus')!.id,
      text: 'You said: Hi',
      project: 'p',
    })
    expect(totalTokens(reply.usage)).toBe(reply.usage.input_tokens + reply.usage.output_tokens)
    expect(reply.cost!.usd).toBeGreaterThan(0)
  })

  it('batch(prompts, model, project_id, parallel, timeout): total, completed, failed, results, total_cost, total_tokens', async () => {
    const { chat } = await mockChat([{ when: { text: 'b' }, reply: { error: 400 } }])
    const call = { model: 'haiku', project: 'p', concurrency: 2, timeoutMs: 30_000 }
    const { total, completed, failed, results, totalCost, totalTokens: tokens } = await batch(chat, ['a', 'b'], call)
    expect([total, completed, failed]).toEqual([2, 1, 1])
    const [good, bad] = results
    expect(good).toMatchObject({ id: '0', prompt: 'a', status: 'completed', reply: { text: 'You said: a' } })
    expect(bad).toMatchObject({ id: '1', prompt: 'b', status: 'failed', error: { code: 'invalid_request' } })
    expect(totalCost).toEqual(good?.cost)
    expect(tokens).toBe(totalTokens(good!.reply!.usage))
  })

  it('Model.AUTO, the default, by complexity and what is left; get_usage(period, project_id); health()', async () => {
    const meter = createUsageMeter({ budgets: { p: { usd: 1, period: 'month' } } })
    const { chat } = await mockChat([], { middleware: [meter.middleware] })
    const { choice, cost } = await withAuto(chat, { remaining: meter }).chat('Hi', { model: 'auto', project: 'p' })
    expect(choice?.model).toBe(findModel('haiku')!.id)
    const { totalCost, remaining, byModel } = await meter.stats({ period: 'month', project: 'p' })
    expect(totalCost).toBe(cost!.usd)
    expect(remaining).toBeCloseTo(1 - totalCost, 9)
    expect(Object.keys(byModel)).toEqual([findModel('haiku')!.id])
    expect((await checkHealth(chat.client)).status).toBe('ok')
  })
})
