import type { Bookkeeper } from './bookkeeper.ts'
import { assertPeriod } from './budget/budgets.ts'
import { periodRange, type UsagePeriod } from './budget/period.ts'
import type { UsageCounts } from './usage-store.ts'

/** What calls of one model came to. */
export interface ModelUsage extends UsageCounts {
  /** All four kinds of tokens. */
  tokens: number
  /** US dollars; `nanoUsd` is the same, exactly. */
  cost: number
}

/** What a project has spent in a period. Amounts are in US dollars unless the name says otherwise. */
export interface UsageStats {
  project: string
  period: UsagePeriod
  /** Input, output, cache writes and cache reads. */
  totalTokens: number
  totalCost: number
  /** The same in whole nano-dollars, exactly. */
  totalNanoUsd: number
  /** By the model that was asked for: its id without a date where we know it, `several models` for a batch of them. */
  byModel: { [model: string]: ModelUsage }
  /** Set aside for calls under way. */
  reserved: number
  /** The budget, where the project has one of this period. */
  limit: number | undefined
  /** What of it is neither spent nor set aside. */
  remaining: number | undefined
}

export async function readStats(
  { store, budgets, settled, now }: Bookkeeper,
  project: string,
  asked: UsagePeriod | undefined,
): Promise<UsageStats> {
  const budget = budgets.get(project)
  const period = asked ?? budget?.period ?? 'total'
  assertPeriod(period, 'period')
  await settled()
  const { reservedNanoUsd, models } = await store.read(project, periodRange(period, now()))
  const byModel = models.map(({ model, ...counts }): [string, ModelUsage] => [model, toModelUsage(counts)])
  const sum = (of: (usage: ModelUsage) => number) => byModel.reduce((total, [, usage]) => total + of(usage), 0)
  const totalNanoUsd = sum(({ nanoUsd }) => nanoUsd)
  const limit = budget?.period === period ? budget.nanoUsd : undefined
  return {
    project,
    period,
    totalTokens: sum(({ tokens }) => tokens),
    totalCost: totalNanoUsd / 1e9,
    totalNanoUsd,
    byModel: Object.fromEntries(byModel),
    reserved: reservedNanoUsd / 1e9,
    limit: limit && limit / 1e9,
    remaining: limit && Math.max(limit - totalNanoUsd - reservedNanoUsd, 0) / 1e9,
  }
}

function toModelUsage(counts: UsageCounts): ModelUsage {
  const { inputTokens, outputTokens, cacheWriteTokens, cacheReadTokens, nanoUsd } = counts
  return {
    ...counts,
    tokens: inputTokens + outputTokens + cacheWriteTokens + cacheReadTokens,
    cost: nanoUsd / 1e9,
  }
}
