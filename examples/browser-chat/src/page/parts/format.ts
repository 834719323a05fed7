import { type Cost, costOf, type Message, type Usage } from '@enjamb/core'

const tokens = new Intl.NumberFormat('en')

function tokensOf(usage: Usage): number {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  return input_tokens + output_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
}

function formatTokens(count: number): string {
  return `${tokens.format(count)} tokens`
}

/** Small sums need their digits: $0.0042. */
export function formatCost({ usd }: Pick<Cost, 'usd'>): string {
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`
}

/** What replies came to, at list prices: `1,204 tokens · $0.0042`. */
export function formatSpending(replies: readonly Message[]): string {
  const count = replies.reduce((sum, { usage }) => sum + tokensOf(usage), 0)
  const costs = replies.map(({ model, usage }) => costOf(model, usage)?.usd)
  const usd = costs.every((cost) => cost !== undefined) ? costs.reduce((sum, cost) => sum + cost, 0) : undefined
  return usd === undefined ? formatTokens(count) : `${formatTokens(count)} · ${formatCost({ usd })}`
}

/** `save_note` → `Save note`. */
export function formatName(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
