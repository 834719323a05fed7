import type { DayRange, ReservedUsage, UsageStore } from '@enjamb/core'
import { memoryUsageStore } from '@enjamb/core'
import fc from 'fast-check'
import { expect } from 'vitest'

const day = '2026-11-21'
export const always: DayRange = { since: '', until: '9999-12-31' }
/** Of the project `p`. */
export const reservationOf = (id: string, nanoUsd: number, more: Partial<ReservedUsage> = {}): ReservedUsage => ({
  id,
  project: 'p',
  model: 'm',
  day,
  nanoUsd,
  ...more,
})
/** What a call came to that has cost this. */
export const costOf = (nanoUsd: number) => ({
  calls: 1,
  unpricedCalls: 0,
  inputTokens: 3,
  outputTokens: 2,
  cacheWriteTokens: 0,
  cacheReadTokens: 1,
  nanoUsd,
})

type Step =
  | { do: 'reserve'; n: number; nanoUsd: number; project: string; day: string; cap: number | undefined; since: string }
  | { do: 'settle'; n: number; nanoUsd: number | undefined; since: string }
  | { do: 'read'; project: string; since: string }

const days = fc.constantFrom('2026-11-20', '2026-11-21', '2026-12-01')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('reserve' as const),
    n: fc.nat(8),
    nanoUsd: fc.nat(50),
    project: fc.constantFrom('p', 'q'),
    day: days,
    cap: fc.option(fc.nat(120), { nil: undefined }),
    since: fc.constantFrom('', '2026-11-21'),
  }),
  fc.record({
    do: fc.constant('settle' as const),
    n: fc.nat(8),
    nanoUsd: fc.option(fc.nat(60), { nil: undefined }),
    since: fc.constantFrom('', '2026-11-21'),
  }),
  fc.record({ do: fc.constant('read' as const), project: fc.constantFrom('p', 'q'), since: fc.constant('') }),
)

/** What a store answers to each step. A call is reserved once, and settled by what it was reserved with. */
async function answers(store: UsageStore, steps: readonly Step[]): Promise<unknown[]> {
  const open = new Map<number, ReservedUsage>()
  const all: unknown[] = []
  for (const step of steps) {
    const range = { since: step.since, until: '9999-12-31' }
    if (step.do === 'read') {
      const { models, ...rest } = await store.read(step.project, range)
      // What was settled for nothing may have left a row of nothing.
      const sorted = models.sort((a, b) => (a.model < b.model ? -1 : 1))
      all.push({ ...rest, models: sorted })
    } else if (step.do === 'reserve') {
      if (open.has(step.n)) continue
      const { n, nanoUsd, project, day, cap } = step
      const reserved = { id: String(n), project, model: `m${n % 2}`, day, nanoUsd }
      open.set(n, reserved)
      all.push(await store.reserve(reserved, cap === undefined ? undefined : { ...range, nanoUsd: cap }))
    } else {
      const reserved = open.get(step.n)
      if (!reserved) continue
      all.push(await store.settle(reserved, step.nanoUsd === undefined ? undefined : costOf(step.nanoUsd), range))
    }
  }
  return all
}

/** Whatever it is asked, it answers as the store in memory does. */
export async function expectSameAsInMemory(makeStore: (run: number) => UsageStore): Promise<void> {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      expect(await answers(makeStore(run++), steps)).toEqual(await answers(memoryUsageStore(), steps))
    }),
    { seed: 7, numRuns: Number(process.env.RUNS ?? 12) },
  )
}
