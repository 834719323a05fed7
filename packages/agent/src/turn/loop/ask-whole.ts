import type { Client } from '@enjamb/core'
import { type RunOptions, wholeMessage } from '@enjamb/tools'
import type { FrozenParams } from '../../journal/entry.ts'

/** An answer in one piece may be silent for as long as it takes to write, at 128,000 tokens an hour. */
export function askWhole({ max_tokens }: FrozenParams, { timeoutMs }: Client): Pick<RunOptions, 'ask' | 'timeoutMs'> {
  const longest = Math.ceil((max_tokens / 128_000) * 60) * 60_000
  return { ask: wholeMessage, timeoutMs: timeoutMs && Math.max(timeoutMs, longest) }
}
