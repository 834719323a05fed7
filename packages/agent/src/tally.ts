import { type Cost, costOf, sumCosts, type Usage } from '@enjamb/core'
import { addUsage } from '@enjamb/tools'

/** What a session has spent. */
export interface Tally {
  readonly usage: Usage | undefined
  readonly cost: Cost | undefined
  /**
   * Adds a reply, and prices it. A run asks it for each reply once, also for one that a tool gets from a model when the
   * turn is over.
   */
  readonly costOf: typeof costOf
}

export function createTally(): Tally {
  let usage: Usage | undefined
  const costs: (Cost | undefined)[] = []
  return {
    get usage() {
      return usage
    },
    get cost() {
      return sumCosts(costs)
    },
    costOf(model, counts) {
      usage = addUsage(usage, counts as Usage)
      const cost = costOf(model, counts)
      costs.push(cost)
      return cost
    },
  }
}
