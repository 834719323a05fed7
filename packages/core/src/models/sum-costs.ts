import type { Cost } from './cost-of.ts'

/** The sum of some costs; `undefined` where one of them is not known, or where there are none. */
export function sumCosts(costs: readonly (Cost | undefined)[]): Cost | undefined {
  return costs.reduce((sum, cost, index) => {
    if (index === 0) return cost
    if (!sum || !cost) return undefined
    const nanoUsd = sum.nanoUsd + cost.nanoUsd
    return {
      nanoUsd,
      usd: nanoUsd / 1e9,
      input: sum.input + cost.input,
      output: sum.output + cost.output,
      cacheWrite: sum.cacheWrite + cost.cacheWrite,
      cacheRead: sum.cacheRead + cost.cacheRead,
      other: sum.other + cost.other,
    }
  }, undefined)
}
