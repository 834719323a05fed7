import { type Cost, sumCosts, type Usage, usageByModel } from '@enjamb/core'
import { addUsage } from '@enjamb/tools'
import type { Spending } from './spending-of.ts'

/** A sum of what models were used for. */
export interface Totals {
  add(spending: readonly Spending[]): void
  addTotals(totals: Totals): void
  readonly usage: Usage | undefined
  /** `undefined` where a part of it has no price, and where nothing was used. */
  readonly cost: Cost | undefined
  readonly tokens: TokenCounts
}

/** The four counts that add up to all tokens. */
export interface TokenCounts {
  input: number
  cacheWrite: number
  cacheRead: number
  output: number
}

export function createTotals(): Totals {
  let usage: Usage | undefined
  let cost: Cost | undefined
  let tokens: TokenCounts = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 }
  function add(one: { usage: Usage; cost: Cost | undefined }, counts: TokenCounts) {
    cost = usage ? sumCosts([cost, one.cost]) : one.cost
    usage = addUsage(usage, one.usage)
    tokens = addTokens(tokens, counts)
  }
  return {
    add(spending) {
      for (const one of spending) add(one, tokensOf(one))
    },
    addTotals(more) {
      if (more.usage) add({ usage: more.usage, cost: more.cost }, more.tokens)
    },
    get usage() {
      return usage
    },
    get cost() {
      return cost
    },
    get tokens() {
      return tokens
    },
  }
}

/** All that is billed, the tokens of compaction and advisors with it. */
export function tokensOf({ model, usage }: Pick<Spending, 'model' | 'usage'>): TokenCounts {
  const sum = { input: 0, cacheWrite: 0, cacheRead: 0, output: 0 }
  for (const { counts } of usageByModel(model, usage)) {
    sum.input += counts.input_tokens ?? 0
    sum.cacheWrite += counts.cache_creation_input_tokens ?? 0
    sum.cacheRead += counts.cache_read_input_tokens ?? 0
    sum.output += counts.output_tokens ?? 0
  }
  return sum
}

function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    cacheRead: a.cacheRead + b.cacheRead,
    output: a.output + b.output,
  }
}
