import { type Cost, costOf, type Message, type Usage } from '@enjamb/core'

/** What a client would have been billed, by the mock's own count and at list prices. */
export interface Ledger {
  /** Answers given, the refused and the failed requests not among them. */
  readonly answers: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheWriteTokens: number
  readonly cacheReadTokens: number
  /** The sum over all answers; an answer of a model without a list price adds nothing. */
  readonly cost: Pick<Cost, 'nanoUsd' | 'usd'>
  /** Every answer, the oldest first. */
  readonly entries: readonly LedgerEntry[]
}

/** A request that was answered, and what it would have cost. */
export interface LedgerEntry {
  requestId: string
  model: string
  usage: Usage
  /** `undefined` where the model has no list price. */
  cost: Cost | undefined
}

export interface Bookkeeper {
  readonly ledger: Ledger
  /** An answer is billed whole, even where the script cuts it. */
  enter(requestId: string, message: Message): void
}

/** @param most how many entries to keep, the latest; the sums know of all */
export function createBookkeeper(most: number): Bookkeeper {
  const entries: LedgerEntry[] = []
  const sums = { answers: 0, inputTokens: 0, outputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0 }
  let nanoUsd = 0
  return {
    ledger: {
      get answers() {
        return sums.answers
      },
      get inputTokens() {
        return sums.inputTokens
      },
      get outputTokens() {
        return sums.outputTokens
      },
      get cacheWriteTokens() {
        return sums.cacheWriteTokens
      },
      get cacheReadTokens() {
        return sums.cacheReadTokens
      },
      get cost() {
        return { nanoUsd, usd: nanoUsd / 1e9 }
      },
      entries,
    },
    enter(requestId, { model, usage }) {
      const cost = costOf(model, usage)
      nanoUsd += cost?.nanoUsd ?? 0
      sums.answers++
      sums.inputTokens += usage.input_tokens
      sums.outputTokens += usage.output_tokens
      sums.cacheWriteTokens += usage.cache_creation_input_tokens ?? 0
      sums.cacheReadTokens += usage.cache_read_input_tokens ?? 0
      entries.push({ requestId, model, usage, cost })
      if (entries.length > most) entries.shift()
    },
  }
}
