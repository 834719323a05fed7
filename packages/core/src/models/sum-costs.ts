import type { Cost } from './cost-of.ts'

/** The sum of some costs; `undefined` where one of them is not known, or where there are none. */
export function sumCosts(costs: readonly (Cost | undefined)[]): Cost | undefined {
  if (!costs[0]) return undefined
  const sum = { ...costs[0] }
  for (const cost of costs.slice(1)) {
    if (!cost) return undefined
    for (const part in sum) sum[part as keyof Cost] += cost[part as keyof Cost]
  }
  sum.usd = sum.nanoUsd / 1e9
  return sum
}
