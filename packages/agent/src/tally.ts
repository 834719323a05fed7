import { type Cost, sumCosts, type Usage } from '@enjamb/core'
import { addUsage } from '@enjamb/tools'

/** What has been spent. */
export interface Tally {
  /** `undefined` where nothing was. */
  readonly usage: Usage | undefined
  /** `undefined` also where a part of it has no price. */
  readonly cost: Cost | undefined
  add(spent: { usage?: Usage | undefined; cost?: Cost | undefined }): void
}

export function createTally(): Tally {
  let usage: Usage | undefined
  let cost: Cost | undefined
  return {
    get usage() {
      return usage
    },
    get cost() {
      return cost
    },
    add(spent) {
      if (!spent.usage) return
      // Here, so that reading it costs nothing, however many there were.
      cost = usage ? sumCosts([cost, spent.cost]) : spent.cost
      usage = addUsage(usage, spent.usage)
    },
  }
}
