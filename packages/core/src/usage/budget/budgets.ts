import { ConfigError } from '../../errors/config-error.ts'
import type { UsagePeriod } from './period.ts'

/** What a project may spend. */
export interface Budget {
  /** US dollars, more than 0. */
  usd: number
  /** Default `total`. */
  period?: UsagePeriod | undefined
}

/** A budget in whole nano-dollars. */
export interface NanoBudget {
  nanoUsd: number
  period: UsagePeriod
}

const periods: readonly unknown[] = ['day', 'week', 'month', 'total']

/** Above it, nano-dollars are no longer whole numbers. */
const maxUsd = 9_007_199

/**
 * Budgets by project, checked.
 *
 * @throws {ConfigError} an amount is not more than 0 and at most 9,007,199, or a period is none
 */
export function parseBudgets(budgets: { readonly [project: string]: Budget } = {}): Map<string, NanoBudget> {
  const parsed = new Map<string, NanoBudget>()
  for (const [project, budget] of Object.entries(budgets)) {
    const { usd, period = 'total' } = Object(budget) as Budget
    const nanoUsd = Math.round(usd * 1e9)
    if (typeof usd !== 'number' || !(nanoUsd >= 1 && usd <= maxUsd)) {
      throw new ConfigError(`budgets.${project}.usd must be more than 0 and at most ${maxUsd}.`)
    }
    assertPeriod(period, `budgets.${project}.period`)
    parsed.set(project, { nanoUsd, period })
  }
  return parsed
}

/** @throws {ConfigError} it is none, naming the option */
export function assertPeriod(period: UsagePeriod, option: string): void {
  if (!periods.includes(period)) throw new ConfigError(`${option} must be ${periods.join(', ')}.`)
}
