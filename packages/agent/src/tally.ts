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
  let cost: Cost | undefined
  return {
    get usage() {
      return usage
    },
    get cost() {
      return cost
    },
    costOf(model, counts, reply) {
      const more = costOf(model, counts, reply)
      // Here, so that reading it costs nothing, however many replies there were.
      cost = usage ? sumCosts([cost, more]) : more
      usage = addUsage(usage, counts as Usage)
      return more
    },
  }
}
