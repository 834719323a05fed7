import type { Usage } from '@enjamb/core'
import { hash } from '../random/hash.ts'
import type { PromptSegment } from '../tokens/prompt-segments.ts'

/** The prompt's part of an answer's usage. */
export type PromptUsage = Pick<
  Usage,
  'input_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens' | 'cache_creation'
>

const lifetimes = { '5m': 5 * 60_000, '1h': 60 * 60_000 }
/** How far before a mark the API looks for a prefix that it has. */
const lookBack = 20
const most = 10_000

/** A simulation of the prompt cache: prefixes that are exactly equal, each for as long as its mark says, renewed by use. */
export interface PromptCache {
  /** @param minTokens a shorter prefix is not cached */
  plan(model: string, prompt: PromptSegment[], minTokens: number): CachePlan
}

/** What a prompt would read and write; nothing is written before `commit`, as a failed request leaves no trace. */
interface CachePlan {
  usage: PromptUsage
  commit(): void
}

interface Entry {
  expiresAt: number
  lifetime: number
}

export function createPromptCache(now: () => number): PromptCache {
  const entries = new Map<number, Entry>()
  const alive = (key: number | undefined) => key !== undefined && (entries.get(key)?.expiresAt ?? 0) > now()
  const touch = (key: number, lifetime: number) => {
    const longest = Math.max(lifetime, alive(key) ? (entries.get(key)?.lifetime ?? 0) : 0)
    entries.set(key, { expiresAt: now() + longest, lifetime: longest })
  }
  return {
    plan(model, segments, minTokens) {
      if (segments.every(({ mark }) => !mark)) return unmarked(segments)
      const prefixes = prefixesOf(model, segments)
      const marked = prefixes.filter(({ mark, tokens }) => mark && tokens >= minTokens)
      const hit = prefixes.findLast(({ key }, at) => alive(key) && isInReach(at, marked))
      const total = prefixes.at(-1)?.tokens ?? 0
      return {
        usage: usageOf(total, hit?.tokens ?? 0, marked),
        commit() {
          if (hit) touch(hit.key, 0)
          for (const { key, mark } of marked) touch(key, lifetimes[mark?.ttl ?? '5m'])
          forget(entries, now())
        },
      }
    },
  }
}

/** Without a mark nothing is read or written, whatever the cache holds. */
function unmarked(segments: PromptSegment[]): CachePlan {
  const total = segments.reduce((sum, { tokens }) => sum + tokens, 0)
  return { usage: usageOf(total, 0, []), commit() {} }
}

interface Prefix {
  /** Of everything up to here. */
  key: number
  /** Of everything up to here. */
  tokens: number
  at: number
  mark: PromptSegment['mark']
}

function prefixesOf(model: string, segments: PromptSegment[]): Prefix[] {
  let key = hash(model)
  let total = 0
  return segments.map(({ content, tokens, mark }, at) => {
    key = hash(`${key}|${content()}`)
    total += tokens
    return { key, tokens: total, at, mark }
  })
}

function isInReach(at: number, marked: Prefix[]): boolean {
  return marked.some((prefix) => at <= prefix.at && at > prefix.at - lookBack)
}

function usageOf(total: number, read: number, marked: Prefix[]): PromptUsage {
  const written = { '5m': 0, '1h': 0 }
  let done = read
  for (const { tokens, mark } of marked) {
    written[mark?.ttl ?? '5m'] += Math.max(0, tokens - done)
    done = Math.max(done, tokens)
  }
  return {
    input_tokens: total - done,
    cache_creation_input_tokens: done - read,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written['5m'], ephemeral_1h_input_tokens: written['1h'] },
  }
}

/** Drops what has expired, and beyond the limit the oldest. */
function forget(entries: Map<number, Entry>, now: number): void {
  if (entries.size <= most) return
  for (const [key, { expiresAt }] of entries) if (expiresAt <= now || entries.size > most) entries.delete(key)
}
