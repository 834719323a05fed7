import type { CacheControl, ContentBlockParam, MessageParam, MessageParams } from '@enjamb/core'
import { type CacheMark, findMarks } from './find-marks.ts'

/** What the API takes in one request. */
const most = 4

type Path = CacheMark['path']

/**
 * A request with its marks for the cache: on the end of the system prompt, or of the tools where there is none; on the end of
 * the messages; and on what the request before ended with. The API looks for what it has up to 20 blocks before a mark,
 * and a turn with many calls adds more than these: what the request before ended with is found by its own mark.
 *
 * Marks that are there stay. Where there would be more than the API takes, the oldest in the messages go. None of an hour
 * comes behind one of five minutes, which the API would refuse.
 *
 * @returns what shares all that is unmarked with what was given
 */
export function withCacheMarks(params: MessageParams, cache: boolean | '5m' | '1h' = true): MessageParams {
  if (!cache) return params
  const given = findMarks(params)
  const { messages } = params
  const before = messages.findLastIndex(({ role }) => role === 'assistant') - 1
  const wanted = [lastBlock(messages, messages.length - 1), lastBlock(messages, before), lastOfPrompt(params)]
  const fixed = given.filter(({ path }) => path[0] !== 'messages')
  const room = Math.max(0, most - fixed.length)
  const isMarked = (path: Path) => given.some((mark) => String(mark.path) === String(path))
  const own = wanted.flatMap((path) => (path && !isMarked(path) ? [path] : [])).slice(0, room)
  const old = given.filter((mark) => !fixed.includes(mark))
  const surplus = old.slice(0, Math.max(0, old.length - (room - own.length)))
  const kept = given.filter((mark) => !surplus.includes(mark))

  let marked = params
  for (const { path } of surplus) marked = change(marked, path, undefined)
  for (const path of own) marked = change(marked, path, markFor(path, kept, cache === '1h'))
  return marked
}

/** An hour, where that is wished for or comes later; but nothing behind what lives for five minutes. */
function markFor(path: Path, kept: readonly CacheMark[], isLong: boolean): CacheControl {
  const comesBefore = (mark: CacheMark) => compare(mark.path, path) < 0
  const long = kept.some((mark) => mark.ttl === '1h' && !comesBefore(mark))
  const short = kept.some((mark) => mark.ttl === '5m' && comesBefore(mark))
  return { type: 'ephemeral', ...((long || (isLong && !short)) && { ttl: '1h' as const }) }
}

const order = ['tools', 'system', 'messages']

/** In the order of a request. */
function compare([place, ...a]: Path, [other, ...b]: Path): number {
  if (place !== other) return order.indexOf(place as string) - order.indexOf(other as string)
  const at = a.findIndex((key, index) => key !== b[index])
  return at < 0 ? a.length - b.length : Number(a[at]) - Number(b[at] ?? -1)
}

/** The last that can be marked. */
function lastBlock(messages: readonly MessageParam[], index: number): Path | undefined {
  const content = messages[index]?.content
  if (typeof content === 'string') return content.trim() ? ['messages', index, 'content', 0] : undefined
  const at = content?.findLastIndex((block) => canBeMarked(block)) ?? -1
  return at < 0 ? undefined : ['messages', index, 'content', at]
}

function canBeMarked(block: ContentBlockParam): boolean {
  if (block.type === 'text') return !!block.text.trim()
  return !/thinking$|^(fallback|tool_addition|tool_removal)$/.test(block.type)
}

function lastOfPrompt({ system = [], tools = [] }: MessageParams): Path | undefined {
  const blocks = typeof system === 'string' ? [system].filter((text) => text.trim()) : system
  if (blocks.length) return ['system', blocks.length - 1]
  // What is loaded only when it is looked for is no part of the beginning.
  const at = tools.findLastIndex((tool) => !('defer_loading' in tool && tool.defer_loading))
  return at < 0 ? undefined : ['tools', at]
}

/** A copy in which a block has another mark; only what leads to the block is copied. */
function change<T>(value: T, [key, ...rest]: Path, mark: CacheControl | undefined): T {
  if (key === undefined) {
    const { cache_control: _, ...unmarked } = value as { cache_control?: unknown }
    return { ...unmarked, ...(mark && { cache_control: mark }) } as T
  }
  const child = (value as Record<string | number, unknown>)[key]
  // A text alone is a block without a place for a mark.
  const blocks = typeof child === 'string' && rest.length ? [{ type: 'text', text: child }] : child
  const changed = change(blocks, rest, mark)
  return Array.isArray(value) ? (value.with(Number(key), changed) as T) : { ...value, [key]: changed }
}
