import { getEventListeners } from 'node:events'
import { ConfigError, costOf, createPacer, InvalidRequestError, sumCosts } from '@enjamb/core'
import { defineTool, toolset } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { type BatchProgress, batch, streamBatch, totalTokens } from '../index.ts'

const prompts = (count: number) => Array.from({ length: count }, (_, n) => `Question ${n}`)

describe('a batch', () => {
  it('answers all, in the order of the inputs, with sums', async () => {
    const { chat, server } = await mockChat()
    const inputs = ['a', [{ role: 'user' as const, content: 'b' }], { id: 'third', prompt: 'c' }]
    const { results, ...sums } = await batch(chat, inputs, { system: 'Be brief.', project: 'p' })
    expect(results).toMatchObject([
      { id: '0', prompt: 'a', status: 'completed', reply: { text: 'You said: a', project: 'p' } },
      { id: '1', prompt: inputs[1], status: 'completed', reply: { text: 'You said: b' } },
      { id: 'third', prompt: 'c', status: 'completed', reply: { text: 'You said: c' } },
    ])
    const { entries } = server.ledger
    expect(sums).toEqual({
      total: 3,
      completed: 3,
      failed: 0,
      totalCost: sumCosts(entries.map(({ model, usage }) => costOf(model, usage))),
      totalTokens: entries.reduce((sum, { usage }) => sum + totalTokens(usage), 0),
    })
  })

  it('is not failed by those that fail: each has its typed error', async () => {
    const failing = { when: { text: 'Question 1' }, reply: { error: 400 } } as const
    const { chat } = await mockChat([failing])
    const { completed, failed, results, totalCost } = await batch(chat, [...prompts(3), ''])
    expect({ completed, failed }).toEqual({ completed: 2, failed: 2 })
    expect(results.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed', 'failed'])
    expect(results[1]?.error).toBeInstanceOf(InvalidRequestError)
    expect(results[3]?.error).toBeInstanceOf(ConfigError)
    expect(totalCost).toEqual(sumCosts(results.flatMap(({ cost }) => cost ?? [])))
  })

  it('costs nothing where all failed, and has no sum where a price is not known', async () => {
    const { chat } = await mockChat([{ error: 400 }], {}, { models: ['claude-of-tomorrow'] })
    expect((await batch(chat, ['a'])).totalCost).toMatchObject({ nanoUsd: 0, usd: 0 })
    expect(await batch(chat, ['a'], { model: 'claude-of-tomorrow' })).toMatchObject({
      completed: 1,
      totalCost: undefined,
    })
  })

  it('asks no more beside one another than it may', async () => {
    let [running, most] = [0, 0]
    const { chat } = await mockChat([], {
      middleware: [
        async (request, next) => {
          most = Math.max(most, ++running)
          try {
            return await next(request)
          } finally {
            running--
          }
        },
      ],
    })
    await batch(chat, prompts(12), { concurrency: 3 })
    expect(most).toBe(3)
    await batch(chat, prompts(12), { concurrency: 100 })
    expect(most).toBe(12)
  })

  it('waits with a pacer, rather than collect refusals', async () => {
    const rateLimits = { requestsPerMinute: 3_000 }
    const pacer = createPacer()
    const { chat, server } = await mockChat(
      [],
      { middleware: [pacer.middleware], retry: { maxRetries: 0 } },
      { rateLimits },
    )
    const { failed } = await batch(chat, prompts(60), { concurrency: 20 })
    expect(failed).toBe(0)
    expect(server.requests).toHaveLength(60)
  })

  it('runs tools, as a single call does', async () => {
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'seen' })
    const { chat } = await mockChat()
    const { results } = await batch(chat, ['Use look.', 'Hi'], { tools: toolset([look]) })
    expect(results.map(({ reply }) => reply?.text)).toEqual(['look returned: seen', 'You said: Hi'])
  })

  it.each([
    [[], /inputs must be a list/],
    [undefined, /inputs must be a list/],
    ['text', /inputs must be a list/],
    [
      [
        { id: 'a', prompt: 'x' },
        { id: 'a', prompt: 'y' },
      ],
      /two of "a"/,
    ],
    [['x', { id: '0', prompt: 'y' }], /two of "0"/],
  ])('refuses %j', async (inputs, message) => {
    const { chat, sent } = await mockChat()
    const error = await failureOf(batch(chat, inputs as never))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(message)
    expect(sent()).toEqual([])
  })

  it('refuses a concurrency of none', async () => {
    const { chat } = await mockChat()
    expect(() => streamBatch(chat, ['a'], { concurrency: 0 })).toThrow(ConfigError)
    expect(() => streamBatch(chat, ['a'], { concurrency: Number.NaN })).toThrow(ConfigError)
  })
})

describe('results as they come', () => {
  it('come before the slower ones, and each is told of', async () => {
    const slow = { when: { text: 'Question 0' }, reply: { text: 'Late.', delayMs: 300 } } as const
    const { chat } = await mockChat([slow])
    const heard: BatchProgress[] = []
    const run = streamBatch(chat, prompts(3), { onProgress: (progress) => heard.push(progress) })
    const ids: string[] = []
    for await (const { id } of run) ids.push(id)
    expect(ids.at(-1)).toBe('0')
    expect(heard.at(-1)).toEqual({ total: 3, completed: 3, failed: 0 })
    expect(heard).toHaveLength(3)
    expect((await run.final()).results.map(({ id }) => id)).toEqual(['0', '1', '2'])
  })

  it('are asked for only as somebody reads', async () => {
    const { chat, sent } = await mockChat()
    const run = streamBatch(chat, prompts(10), { concurrency: 2 })
    expect(sent()).toEqual([])
    const reader = run[Symbol.asyncIterator]()
    await reader.next()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(sent()).toHaveLength(2)
    expect((await run.final()).completed).toBe(10)
  })

  it('can be waited for beside a loop, and inside it', async () => {
    const { chat, sent } = await mockChat()
    const run = streamBatch(chat, prompts(4), { concurrency: 1 })
    let seen = 0
    for await (const _ of run) {
      if (seen++ === 0) expect((await run.final()).completed).toBe(4)
    }
    expect(seen).toBe(4)
    expect(sent()).toHaveLength(4)
  })

  it('end with the loop that is left: what was not asked is not asked, and nothing listens any more', async () => {
    const { chat, sent } = await mockChat()
    const { signal } = new AbortController()
    const run = streamBatch(chat, prompts(20), { concurrency: 2, signal })
    for await (const _ of run) break
    const { completed, failed, results } = await run.final()
    expect(completed + failed).toBe(20)
    expect(results.at(-1)?.error).toMatchObject({ code: 'request_aborted' })
    expect(sent().length).toBeLessThan(5)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('that came before the signal are kept', async () => {
    const { chat } = await mockChat()
    const controller = new AbortController()
    const onProgress = ({ completed }: BatchProgress) => completed === 2 && controller.abort('enough')
    const { completed, failed, results } = await batch(chat, prompts(5), {
      concurrency: 1,
      signal: controller.signal,
      onProgress,
    })
    expect([completed, failed]).toEqual([2, 3])
    expect(results[4]?.error).toMatchObject({ code: 'request_aborted', cause: 'enough' })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('end with what onProgress throws', async () => {
    const { chat, sent } = await mockChat()
    const onProgress = () => {
      throw new Error('full')
    }
    expect(await failureOf(batch(chat, prompts(9), { concurrency: 1, onProgress }))).toMatchObject({ message: 'full' })
    expect(sent()).toHaveLength(1)
  })
})
