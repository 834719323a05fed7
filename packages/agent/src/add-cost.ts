import type { Cost } from '@enjamb/core'

/** The sum of two costs, part by part. */
export function addCost(sum: Cost | undefined, more: Cost): Cost {
  if (!sum) return more
  const total = { ...sum }
  for (const part of ['nanoUsd', 'input', 'output', 'cacheWrite', 'cacheRead', 'other'] as const)
    total[part] += more[part]
  return { ...total, usd: total.nanoUsd / 1e9 }
}
