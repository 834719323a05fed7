/** What is known about a model; a fact that its maker has not published is absent. */
export interface Model {
  id: string
  /** Short name of the newest model of a family: `haiku`, `sonnet` or `opus`. */
  alias?: string
  /** The dated id of the same model, where `id` is only a pointer to it. */
  snapshot?: string
  displayName: string
  /** `YYYY-MM`: the month up to which its knowledge is reliable. */
  knowledgeCutoff?: string
  /** Tokens, prompt and answer together. */
  contextWindow?: number
  /** The most that `max_tokens` can ask for. */
  maxOutputTokens?: number
  /** Which `thinking` it takes: `{ type: 'adaptive' }`, or `{ type: 'enabled', budget_tokens }`. */
  thinking: 'adaptive' | 'enabled'
  /** Whether `output_config.effort` may be given. */
  effort: boolean
  prices?: ModelPrices
}

/** List prices in whole nano-dollars a token. */
export interface TokenPrices {
  input: number
  output: number
  cacheWrite5m: number
  cacheWrite1h: number
  cacheRead: number
}

/**
 * A model's list prices.
 *
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 */
export interface ModelPrices extends TokenPrices {
  /** The prices of all tokens of a request whose prompt, cached parts included, is longer than `overTokens`. */
  longPrompt?: TokenPrices & { overTokens: number }
  /** Nano-dollars a web search. */
  webSearch: number
  /** How many times dearer tokens are with `speed: 'fast'`; absent where the model has no such price. */
  fastMultiplier?: number
  /** Whether `inference_geo: 'us'` makes tokens a tenth dearer. */
  usSurcharge?: boolean
}
