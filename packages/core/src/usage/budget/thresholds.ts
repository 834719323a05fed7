import type { UsagePeriod } from './period.ts'

/** A project's spending has reached a part of its budget. Amounts are in US dollars. */
export interface ThresholdEvent {
  project: string
  period: UsagePeriod
  /** The part, as 0.8. */
  threshold: number
  spent: number
  limit: number
}

/**
 * The parts of a limit that a charge has reached: those above what was spent before it. Since a store counts one charge
 * after the other, each is reached once, whoever shares it.
 *
 * @param spent with the charge; all three in nano-dollars
 */
export function reachedThresholds(
  thresholds: readonly number[],
  limit: number,
  spent: number,
  charge: number,
): number[] {
  return thresholds.filter((part) => spent - charge < part * limit && spent >= part * limit)
}
