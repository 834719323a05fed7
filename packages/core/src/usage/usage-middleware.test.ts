import { describe, expect, it } from 'vitest'
import type { Outcome, OutgoingRequest } from '../client/middleware.ts'
import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'
import { costOf } from '../models/cost-of.ts'
import { createUsageMeter } from './usage-meter.ts'

const params = {
  model: 'claude-opus-5-5',
  max_tokens: 1_000,
  messages: [{ role: 'user', content: 'Hi' }],
  stream: true,
}

/** A streamed request as a client makes it, and the way to tell how its stream ended. */
function streamed() {
  const listeners: ((outcome: Outcome) => void)[] = []
  const request: OutgoingRequest = {
    method: 'POST',
    url: 'https://gateway.example/claude/v1/messages?beta=true',
    headers: new Headers(),
    body: JSON.stringify(params),
    params,
    signal: new AbortController().signal,
    attempt: 0,
    project: undefined,
    onOutcome: (listener) => void listeners.push(listener),
  }
  const response = new Response()
  const end = (given: Partial<Outcome>) => {
    for (const tell of listeners) {
      tell({ sent: true, response, value: undefined, error: undefined, firstContentAt: undefined, ...given })
    }
  }
  return { request, response, end }
}

const usage = { input_tokens: 9, output_tokens: 1 }
const text = { type: 'text', text: 'Hello, wor' }

describe('a stream', () => {
  it('holds its reservation until it ends, long after its headers', async () => {
    const meter = createUsageMeter({ budgets: { default: { usd: 1 } } })
    const { request, response, end } = streamed()
    expect(await meter.middleware(request, async () => response)).toBe(response)
    const { reserved, remaining } = await meter.stats()
    expect(reserved).toBeGreaterThan(0.02)
    expect(remaining).toBeCloseTo(1 - reserved, 9)
    const value = {
      model: params.model,
      content: [text],
      usage: { ...usage, output_tokens: 4 },
      stop_reason: 'end_turn',
    }
    end({ value })
    const { totalNanoUsd } = await meter.stats()
    expect(totalNanoUsd).toBe(costOf('opus', value.usage)?.nanoUsd)
  })

  it('that is aborted in the middle costs what arrived', async () => {
    const meter = createUsageMeter({ budgets: { default: { usd: 1 } } })
    const { request, response, end } = streamed()
    await meter.middleware(request, async () => response)
    end({ value: { model: params.model, content: [text], usage }, error: new RequestAbortedError('Enough.') })
    const { byModel, reserved, totalNanoUsd } = await meter.stats()
    const bytes = JSON.stringify(text).length
    expect(byModel[params.model]).toMatchObject({ inputTokens: 9, outputTokens: bytes })
    expect(totalNanoUsd).toBe(costOf('opus', { input_tokens: 9, output_tokens: bytes })?.nanoUsd)
    expect(reserved).toBe(0)
  })

  it('whose request a middleware further in turned down costs nothing', async () => {
    const meter = createUsageMeter({ budgets: { default: { usd: 1 } } })
    const { request, end } = streamed()
    const own = new Error('Not on Sundays.')
    await expect(meter.middleware(request, () => Promise.reject(own))).rejects.toBe(own)
    end({ sent: false, response: undefined, error: own })
    expect(await meter.stats()).toMatchObject({ totalCost: 0, reserved: 0, remaining: 1 })
  })

  it('that ends before its reservation is made gives it back', async () => {
    const meter = createUsageMeter()
    const { request, end } = streamed()
    const abort = new AbortController()
    const sending = meter.middleware({ ...request, signal: abort.signal }, async () => new Response())
    end({ error: new RequestAbortedError('Enough.') })
    abort.abort()
    await expect(sending).rejects.toBe(abort.signal.reason)
    expect(await meter.stats()).toMatchObject({ totalCost: 0, reserved: 0 })
  })
})
