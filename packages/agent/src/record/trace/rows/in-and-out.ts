import type { TokenCounts } from '../../run/create-totals.ts'
import { countText } from '../../text/format-numbers.ts'

/** All that went in, from the cache, too, and what came out: `14.3k / 410`. */
export function inAndOut(counts: readonly TokenCounts[]): string {
  const sum = (part: (one: TokenCounts) => number) => countText(counts.reduce((all, one) => all + part(one), 0))
  return `${sum(({ input, cacheWrite, cacheRead }) => input + cacheWrite + cacheRead)} / ${sum(({ output }) => output)}`
}
