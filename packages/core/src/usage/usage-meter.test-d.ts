import { expectTypeOf, test } from 'vitest'
import { fileUsageStore } from '../node/usage-store/file-usage-store.ts'
import type { ThresholdEvent } from './budget/thresholds.ts'
import type { Reservation } from './ledger/reservation.ts'
import { memoryUsageStore } from './memory-usage-store.ts'
import { createUsageMeter, type UsageMeter } from './usage-meter.ts'
import type { ModelUsage, UsageStats } from './usage-stats.ts'
import type { UsageStore } from './usage-store.ts'

test('a meter needs no option, and undefined is as good as absent', () => {
  expectTypeOf(createUsageMeter()).toEqualTypeOf<UsageMeter>()
  createUsageMeter({ store: undefined, project: undefined, budgets: undefined, count: undefined })
  createUsageMeter({ budgets: { docs: { usd: 5 }, chat: { usd: 1, period: 'week' } }, thresholds: [0.5], count: 'api' })
  // @ts-expect-error no such period
  createUsageMeter({ budgets: { docs: { usd: 5, period: 'year' } } })
  // @ts-expect-error a budget is an object
  createUsageMeter({ budgets: { docs: 5 } })
})

test('a threshold tells of itself', () => {
  createUsageMeter({ onThreshold: (event) => expectTypeOf(event).toEqualTypeOf<ThresholdEvent>() })
})

test('stats may lack a limit, and always have a total', () => {
  expectTypeOf<UsageMeter['stats']>().returns.resolves.toEqualTypeOf<UsageStats>()
  expectTypeOf<UsageStats['limit']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<UsageStats['totalCost']>().toBeNumber()
  expectTypeOf<UsageStats['byModel'][string]>().toEqualTypeOf<ModelUsage>()
})

test('a reservation settles with what the API reports', () => {
  expectTypeOf<UsageMeter['reserve']>().returns.resolves.toEqualTypeOf<Reservation>()
  expectTypeOf<Reservation['settle']>().toBeCallableWith({ input_tokens: 1, output_tokens: 2 })
})

test('both stores are stores', () => {
  expectTypeOf(memoryUsageStore).returns.toEqualTypeOf<UsageStore>()
  expectTypeOf(fileUsageStore).returns.toEqualTypeOf<UsageStore>()
  expectTypeOf(fileUsageStore).parameter(0).toBeString()
})
