/**
 * What an answer cost, in tokens. `input_tokens` counts neither cache writes nor cache reads:
 * the whole prompt is the sum of the three.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export interface Usage {
  /** Prompt tokens that were neither written to nor read from the cache. */
  input_tokens: number
  /** Thinking included. */
  output_tokens: number
  /** Tokens written to the cache; {@link CacheCreation} says for how long. */
  cache_creation_input_tokens: number | null
  cache_read_input_tokens: number | null
  cache_creation: CacheCreation | null
  output_tokens_details: OutputTokensDetails | null
  server_tool_use: ServerToolUsage | null
  service_tier: 'standard' | 'priority' | 'batch' | null
  speed: 'standard' | 'fast' | null
  inference_geo: string | null
}

/** How many tokens went into the cache, by how long it keeps them. */
export interface CacheCreation {
  ephemeral_5m_input_tokens: number
  ephemeral_1h_input_tokens: number
}

/** What the tokens of an answer were spent on. */
export interface OutputTokensDetails {
  /** Already part of `output_tokens`. */
  thinking_tokens: number
}

/** How often tools of the API were used that cost by the use. */
export interface ServerToolUsage {
  web_search_requests: number
  web_fetch_requests: number
}

/** The counts of a `message_delta` event: cumulative, so they overwrite and are never added. */
export interface MessageDeltaUsage {
  input_tokens: number | null
  output_tokens: number
  cache_creation_input_tokens: number | null
  cache_read_input_tokens: number | null
  output_tokens_details: OutputTokensDetails | null
  server_tool_use: ServerToolUsage | null
}
