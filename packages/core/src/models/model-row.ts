/**
 * What a request to a model needs to know of it, packed. A token of output costs five times one of input, one written to
 * the cache 1.25 times for five minutes and twice for an hour: the generator makes sure that this is so. The letters:
 *
 * | | |
 * |---|---|
 * | `a` `b` `o` | thinks adaptively; with a budget; unasked |
 * | `h` | thinking can be turned off only with an effort of `high` at most |
 * | `c` | takes a forced tool choice |
 * | `f` | has a fast mode at twice the price |
 */
export type ModelRow = readonly [
  /** Nano-dollars a token. */
  input: number,
  cacheRead: number,
  letters: string,
  /** How many it takes of `low`, `medium`, `high`, `max` and `xhigh`, in this order. */
  efforts: number,
  /** Which `thinking.type` turns thinking off. */
  off?: string,
  /** From how many tokens on a prompt makes all tokens dearer, and how many times. */
  overTokens?: number,
  times?: number,
]
