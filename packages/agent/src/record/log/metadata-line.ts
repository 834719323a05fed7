import type { Totals } from '../run/create-totals.ts'

/** What a run came to, as the log says it. What is nothing, or not known, is left out. */
export function metadataLine(totals: Totals, turns: number, ms: number): string {
  const { cost, tokens } = totals
  return [
    cost && `Cost: $${cost.usd.toFixed(4)}`,
    `Duration: ${(ms / 1_000).toFixed(1)}s`,
    `Turns: ${turns}`,
    tokens.input && `Input tokens: ${tokens.input}`,
    tokens.cacheWrite && `Cache creation: ${tokens.cacheWrite}`,
    tokens.cacheRead && `Cache read: ${tokens.cacheRead}`,
    tokens.output && `Output tokens: ${tokens.output}`,
  ]
    .filter(Boolean)
    .join(' | ')
}
