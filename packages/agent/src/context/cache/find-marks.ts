import type { CacheControl, MessageParams } from '@enjamb/core'

/** A mark for the cache, on a block of a request. */
export interface CacheMark {
  /** Where it stands: the keys that lead to its block. */
  path: readonly (string | number)[]
  ttl: '5m' | '1h'
}

/** Messages without a mark: a history is looked through for each request, and grows at its end alone. */
const unmarked = new WeakSet<object>()

type Marked = { cache_control?: CacheControl | null; content?: unknown }

/** Every mark that stands on a block, in the order in which the API reads a request. */
export function findMarks({
  tools,
  system,
  messages,
}: Pick<MessageParams, 'tools' | 'system' | 'messages'>): CacheMark[] {
  const marks: CacheMark[] = []
  const look = (blocks: unknown, ...path: (string | number)[]) => {
    if (!Array.isArray(blocks)) return
    for (const [index, { cache_control: mark, content }] of (blocks as Marked[]).entries()) {
      if (typeof content === 'object') look(content, ...path, index, 'content')
      if (mark) marks.push({ path: [...path, index], ttl: mark.ttl ?? '5m' })
    }
  }
  look(tools, 'tools')
  look(system, 'system')
  for (const [index, message] of messages.entries()) {
    if (unmarked.has(message)) continue
    const before = marks.length
    look(message.content, 'messages', index, 'content')
    if (marks.length === before) unmarked.add(message)
  }
  return marks
}
