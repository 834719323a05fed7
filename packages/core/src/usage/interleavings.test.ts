import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Outcome } from '../client/middleware.ts'
import { ServerError } from '../errors/api/server-error.ts'
import { BudgetExceededError } from '../errors/budget-exceeded-error.ts'
import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'
import type { MessageParams } from '../wire/index.ts'
import { memoryUsageStore } from './memory-usage-store.ts'
import { createUsageMeter } from './usage-meter.ts'
import type { UsageStore } from './usage-store.ts'

const usd = 0.2
const cap = 200_000_000n
const ok = new Response()
// Opus 5.5, in nano-dollars a token.
const price = { input: 4_000n, output: 20_000n }

const calls = fc.array(
  fc.record({
    maxTokens: fc.integer({ min: 1, max: 3_000 }),
    input: fc.integer({ min: 1, max: 100 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    ending: fc.constantFrom('success', 'settled', 'released', 'unsent', 'refused', 'cut off', 'unknown'),
  }),
  { minLength: 1, maxLength: 20 },
)
type Call = typeof calls extends fc.Arbitrary<(infer T)[]> ? T : never

interface Model {
  /** Each granted call, and what is certain of it so far: its reservation, or what it came to. */
  amounts: Map<number, bigint>
  tokens: bigint
}

function toParams({ maxTokens }: Call): MessageParams {
  return {
    model: 'claude-opus-5-5',
    max_tokens: maxTokens,
    messages: [{ role: 'user', content: 'Hi' }],
    inference_geo: 'global',
  }
}

/** What an ending comes to, said without our own code: nano-dollars and tokens. */
function expectedOf({ ending, input, share, maxTokens }: Call, reserved: bigint): { nanoUsd: bigint; tokens: bigint } {
  const output = BigInt(Math.floor(share * maxTokens))
  if (ending === 'success' || ending === 'settled') {
    return { nanoUsd: BigInt(input) * price.input + output * price.output, tokens: BigInt(input) + output }
  }
  if (ending === 'cut off') {
    // Thinking hides what was written, so all that could have been.
    const nanoUsd = BigInt(input) * price.input + BigInt(maxTokens) * price.output
    return { nanoUsd, tokens: BigInt(input) + BigInt(maxTokens) }
  }
  return { nanoUsd: ending === 'unknown' ? reserved : 0n, tokens: 0n }
}

function outcomeOf({ ending, input, share, maxTokens }: Call): Outcome {
  const base = {
    sent: ending !== 'unsent',
    response: ok,
    value: undefined,
    error: undefined,
    firstContentAt: undefined,
  }
  const message = {
    model: 'claude-opus-5-5',
    content: [{ type: 'thinking' }],
    usage: { input_tokens: input, output_tokens: ending === 'success' ? Math.floor(share * maxTokens) : 1 },
  }
  if (ending === 'success') return { ...base, value: message }
  if (ending === 'cut off') return { ...base, value: message, error: new RequestAbortedError('Enough.') }
  if (ending === 'refused') return { ...base, error: new ServerError('No.', { status: 500, type: 'api_error' }) }
  return { ...base, error: new RequestAbortedError('Enough.') }
}

/** A store whose steps happen when the scheduler says so; after each, spending and reservations are within the cap. */
function scheduled(s: fc.Scheduler): UsageStore {
  const inner = memoryUsageStore()
  const check = async <T>(result: Promise<T>): Promise<T> => {
    const value = await result
    const { reservedNanoUsd, models } = await inner.read('default', { since: '', until: '9999-12-31' })
    const spent = models.reduce((sum, { nanoUsd }) => sum + BigInt(nanoUsd), 0n)
    expect(spent + BigInt(reservedNanoUsd) <= cap).toBe(true)
    return value
  }
  return {
    reserve: (...given) => s.schedule(Promise.resolve()).then(() => check(inner.reserve(...given))),
    settle: (...given) => s.schedule(Promise.resolve()).then(() => check(inner.settle(...given))),
    read: inner.read,
  }
}

it('parallel calls never exceed a cap together, and the stats are exact, whatever happens in whatever order', async () => {
  let refused = 0
  let granted = 0
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), calls, async (s, given) => {
      const meter = createUsageMeter({ budgets: { default: { usd } }, store: scheduled(s) })
      const model: Model = { amounts: new Map(), tokens: 0n }
      const all = given.map(async (call, index) => {
        const reservation = await meter.reserve(toParams(call)).catch((error) => {
          expect(error).toBeInstanceOf(BudgetExceededError)
          refused++
        })
        if (!reservation) return
        granted++
        const reserved = BigInt(reservation.nanoUsd!)
        await s.schedule(Promise.resolve())
        const { nanoUsd, tokens } = expectedOf(call, reserved)
        model.amounts.set(index, nanoUsd)
        model.tokens += tokens
        if (call.ending === 'settled') {
          await reservation.settle({ input_tokens: call.input, output_tokens: Math.floor(call.share * call.maxTokens) })
        } else if (call.ending === 'released') await reservation.release()
        else await reservation.close(outcomeOf(call))
        // Whoever says something else later is not heard.
        await reservation.settle({ input_tokens: 1_000_000 })
      })
      await s.waitFor(Promise.all(all))
      const stats = await meter.stats()
      expect(BigInt(stats.totalNanoUsd)).toBe([...model.amounts.values()].reduce((sum, amount) => sum + amount, 0n))
      expect(BigInt(stats.totalTokens)).toBe(model.tokens)
      expect(stats.reserved).toBe(0)
    }),
    { numRuns: 1_500 },
  )
  // Otherwise nothing was put to the test.
  expect(Math.min(refused, granted)).toBeGreaterThan(100)
})
