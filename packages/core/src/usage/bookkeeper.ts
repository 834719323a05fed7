import { BudgetExceededError } from '../errors/budget-exceeded-error.ts'
import { modelId } from '../models/find-model-row.ts'
import type { MessageParams } from '../wire/index.ts'
import { boundCost, type CostBound } from './bound/cost-bound.ts'
import type { NanoBudget } from './budget/budgets.ts'
import { periodRange, utcDay } from './budget/period.ts'
import { reachedThresholds, type ThresholdEvent } from './budget/thresholds.ts'
import { type ChargeTerms, chargeOf, countsOf } from './ledger/charge-of.ts'
import type { Reservation } from './ledger/reservation.ts'
import { createSettlements } from './ledger/settlements.ts'
import type { ReservedUsage, UsageCap, UsageCounts, UsageStore } from './usage-store.ts'

export interface BookkeeperOptions {
  store: UsageStore
  budgets: ReadonlyMap<string, NanoBudget>
  onThreshold: ((event: ThresholdEvent) => void) | undefined
  /** Ascending. */
  thresholds: readonly number[]
  searchTokens: number | undefined
  now: () => number
}

/** What money is set aside for. */
export interface Order {
  project: string
  /** One message, or those of a batch. */
  requests: readonly MessageParams[]
  body?: string | undefined
  batch?: boolean | undefined
  inputTokens?: number | undefined
  origin?: ReservedUsage['origin']
}

/** Keeps the books of a meter: reservations under the budgets, settlements, and the word at thresholds. */
export interface Bookkeeper extends BookkeeperOptions {
  /** @throws {BudgetExceededError} {@link ConfigError} */
  reserve(order: Order): Promise<Reservation>
  /** Until everything that is over is in the store. */
  settled(): Promise<void>
}

export function createBookkeeper(options: BookkeeperOptions): Bookkeeper {
  const { store, budgets, now } = options
  const settlements = createSettlements()

  async function reserve(order: Order): Promise<Reservation> {
    const { project, requests, origin } = order
    const budget = budgets.get(project)
    const model = modelOf(requests)
    const bound = boundAll(order, options.searchTokens, budget !== undefined)
    // Beyond that sums are no longer exact, and no budget is as large.
    const reservedNanoUsd = Number.isSafeInteger(bound?.nanoUsd) ? bound?.nanoUsd : undefined
    const at = now()
    const entry: ReservedUsage = {
      id: crypto.randomUUID(),
      project,
      model,
      day: utcDay(at),
      nanoUsd: reservedNanoUsd ?? (budget ? Number.MAX_SAFE_INTEGER : 0),
      ...(origin && { origin }),
    }
    const cap = budget && { ...periodRange(budget.period, at), nanoUsd: budget.nanoUsd }
    // Books that cannot be kept up must not be spent from.
    await settlements.retry()
    const { granted, usedNanoUsd } = await store.reserve(entry, cap)
    if (!granted) throw refusal(entry, budget!, usedNanoUsd, order.batch ? undefined : bound?.advice)
    const terms = { model, reservedNanoUsd, maxTokens: bound?.outputTokens ?? 0, hidden: bound?.hidden ?? false }
    return toReservation(entry, terms, (counts) => settlements.add(entry.id, () => settle(options, entry, counts, cap)))
  }

  return { ...options, reserve, settled: settlements.settled }
}

function toReservation(
  { project, model }: ReservedUsage,
  terms: ChargeTerms,
  enter: (counts: UsageCounts | undefined) => Promise<void>,
): Reservation {
  let entered: Promise<void> | undefined
  const once = (counts: UsageCounts | undefined) => (entered ??= enter(counts))
  return {
    project,
    model,
    nanoUsd: terms.reservedNanoUsd,
    settle: (usage) => once(countsOf(usage, terms)),
    release: () => once(undefined),
    close: (outcome) => once(chargeOf(outcome, terms)),
  }
}

async function settle(
  { store, budgets, onThreshold, thresholds }: BookkeeperOptions,
  entry: ReservedUsage,
  counts: UsageCounts | undefined,
  cap: UsageCap | undefined,
): Promise<void> {
  const { project, day } = entry
  const spent = await store.settle(entry, counts, cap ?? { since: day, until: day })
  if (!cap || !counts || !onThreshold) return
  const { period } = budgets.get(project)!
  for (const threshold of reachedThresholds(thresholds, cap.nanoUsd, spent, counts.nanoUsd)) {
    const event = { project, period, threshold, spent: spent / 1e9, limit: cap.nanoUsd / 1e9 }
    // What it throws is its own affair: the money is booked.
    queueMicrotask(() => onThreshold(event))
  }
}

/** The bounds of all requests together; without a budget, `undefined` where there is none. */
function boundAll(order: Order, searchTokens: number | undefined, capped: boolean): CostBound | undefined {
  const { requests, body, batch, inputTokens } = order
  const sum: CostBound = { nanoUsd: 0, outputTokens: 0, advice: undefined, hidden: false }
  try {
    for (const params of requests) {
      const { nanoUsd, outputTokens, advice, hidden } = boundCost(params, { body, batch, inputTokens, searchTokens })
      sum.nanoUsd += nanoUsd
      sum.outputTokens += outputTokens
      sum.advice ??= advice
      sum.hidden ||= hidden
    }
    return sum
  } catch (error) {
    if (capped) throw error
    return undefined
  }
}

function modelOf(requests: readonly MessageParams[]): string {
  // One model under all its names.
  const models = new Set(requests.map(({ model }) => modelId(String(model))))
  return models.size === 1 ? [...models][0]! : 'several models'
}

function refusal(
  { project, nanoUsd }: ReservedUsage,
  { nanoUsd: limit }: NanoBudget,
  used: number,
  advice = 'A smaller max_tokens or prompt costs less.',
): BudgetExceededError {
  const [estimatedCost, remaining] = [nanoUsd / 1e9, Math.max(limit - used, 0) / 1e9]
  return new BudgetExceededError(
    `This could cost $${estimatedCost}, and the budget "${project}" has $${remaining} left. ${advice}`,
    { estimatedCost, limit: limit / 1e9, remaining, project },
  )
}
