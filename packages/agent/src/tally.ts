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
  const tally: { -readonly [Name in keyof Tally]: Tally[Name] } = {
    usage: undefined,
    cost: undefined,
    add(spent) {
      if (!spent.usage) return
      // Here, so that reading it costs nothing, however many there were.
      tally.cost = tally.usage ? sumCosts([tally.cost, spent.cost]) : spent.cost
      tally.usage = addUsage(tally.usage, spent.usage)
    },
  }
  return tally
}
