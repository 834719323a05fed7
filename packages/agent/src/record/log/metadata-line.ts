import type { Totals } from '../run/create-totals.ts'

/** What a run came to, as the log says it. What is not known is left out, and a cache that had no part in it. */
export function metadataLine(totals: Totals, turns: number, ms: number): string {
  const { cost, tokens, usage } = totals
  return [
    cost && `Cost: $${cost.usd.toFixed(4)}`,
    `Duration: ${(ms / 1_000).toFixed(1)}s`,
    `Turns: ${turns}`,
    usage && `Input tokens: ${tokens.input}`,
    tokens.cacheWrite && `Cache creation: ${tokens.cacheWrite}`,
    tokens.cacheRead && `Cache read: ${tokens.cacheRead}`,
    usage && `Output tokens: ${tokens.output}`,
  ]
    .filter(Boolean)
    .join(' | ')
}
