import type { Cost } from '@enjamb/core'

/** Costs that add up. */
export interface Bill {
  /** @param cost `undefined` for something without a price: from then on the whole has none */
  add(cost: Cost | undefined): void
  /** The sum; `undefined` where something has no price, and before the first. */
  readonly cost: Cost | undefined
}

const parts = ['nanoUsd', 'input', 'output', 'cacheWrite', 'cacheRead', 'other'] as const

export function createBill(): Bill {
  let sum: Cost | undefined
  let priced = true
  return {
    get cost() {
      return priced ? sum : undefined
    },
    add(cost) {
      if (!cost) {
        priced = false
        return
      }
      const total = { ...(sum ?? cost) }
      if (sum) for (const part of parts) total[part] += cost[part]
      sum = { ...total, usd: total.nanoUsd / 1e9 }
    },
  }
}
