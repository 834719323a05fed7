import type { Effort, ThinkingDisplay } from '../wire/index.ts'

/** What is known about a model; a fact that its maker has not published is absent. */
export interface Model {
  id: string
  /** Short name of the newest model of a family: `haiku`, `sonnet`, `opus` or `fable`. */
  alias?: string
  /** The dated id of the same model, where `id` is only a pointer to it. */
  snapshot?: string
  displayName: string
  /** `YYYY-MM`: the month up to which its knowledge is reliable. */
  knowledgeCutoff?: string
  lifecycle: ModelRetirement
  /** Tokens, prompt and answer together. */
  contextWindow: number
  /** The most that `max_tokens` can ask for. */
  maxOutputTokens: number
  thinking: ModelThinking
  /** Absent where `output_config.effort` may not be given. */
  effort?: ModelEffort
  /** Whether `tool_choice` may be `any` or `tool`; where it may not, that is a 400. It never goes with `enabled` thinking. */
  forcedToolChoice: boolean
  /** Whether the conversation may hold system messages. */
  systemMessages: boolean
  /** The shortest prompt that is cached, in tokens. */
  cacheMinimumTokens: number
  images: ModelImages
  /** Absent where there is no `speed: 'fast'`. */
  fastMode?: ModelFastMode
  /** Models with the same pool share their rate limits. */
  rateLimitPool: string
  prices?: ModelPrices
}

/** @see https://platform.claude.com/docs/en/about-claude/model-deprecations */
export interface ModelRetirement {
  /** A `deprecated` model still answers, until `retiresOn`. */
  status: 'active' | 'deprecated'
  /** `YYYY-MM-DD`: from this day on requests fail. */
  retiresOn?: string
  /** `YYYY-MM-DD`: it retires no sooner. */
  earliestRetirement?: string
  /** The id of the model that its maker recommends in its place. */
  replacement?: string
}

/** @see https://platform.claude.com/docs/en/build-with-claude/thinking */
export interface ModelThinking {
  /** Which `thinking.type` makes it think, the best first: `adaptive`, or `enabled` with `budget_tokens`. */
  styles: readonly ('adaptive' | 'enabled')[]
  /** Whether it thinks where the request says nothing of it. */
  byDefault: boolean
  /** Which `thinking.type` makes it answer at once; absent where nothing does: a lower effort thinks less. */
  off?: 'disabled' | 'between_tools'
  /** The highest effort that goes with `off`; absent: any. */
  offUpTo?: Effort
  /** Whether its thinking is shown where the request says nothing of it. */
  display: ThinkingDisplay
  /** Whether what it says between tool calls comes as thinking blocks, not as text. */
  textBetweenTools: boolean
  /** Whose thinking blocks are refused after another system prompt, other tools or messages than they were made after. */
  bound: 'no' | 'newer accounts' | 'all accounts'
}

/** @see https://platform.claude.com/docs/en/build-with-claude/effort */
export interface ModelEffort {
  /** In ascending order. */
  levels: readonly Effort[]
  default: Effort
  /** Whether a system message may change it (a beta). */
  perMessage: boolean
}

/** The limits of one request. @see https://platform.claude.com/docs/en/build-with-claude/vision */
export interface ModelImages {
  max: number
  /** Of either side. */
  maxSidePixels: number
  /** With more images than these, each side may have no more than `maxSidePixelsOfMany`. */
  many: number
  maxSidePixelsOfMany: number
}

/** @see https://platform.claude.com/docs/en/build-with-claude/fast-mode */
export interface ModelFastMode {
  /** How many times dearer tokens are. */
  multiplier: number
  /** The beta that it needs. */
  beta?: string
  /** `YYYY-MM-DD`: the last day. */
  until?: string
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
