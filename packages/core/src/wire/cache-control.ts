/**
 * Marks the end of a prompt prefix to cache. A request takes at most four.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export interface CacheControl {
  type: 'ephemeral'
  /** How long the entry lives after its last use; default `5m`. A `1h` entry costs more to write. */
  ttl?: '5m' | '1h'
}

/** What most blocks of a request can carry. */
export interface Cacheable {
  cache_control?: CacheControl | null
}
