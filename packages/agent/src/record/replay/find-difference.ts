import type { Difference } from './replay-error.ts'

/** What says nothing about what was asked: how it is cached, sent and counted. */
const passing = new Set(['cache_control', 'stream', 'metadata'])

/** Objects of a record that were compared with one another, and said the same. */
export type Compared = WeakMap<object, object>

/**
 * Where a request first is another than the recorded one; `undefined` where it says the same. A text is the same as a block
 * of it. A picture or document that a text stands for is no difference: what a request may hold is limited.
 *
 * @param compared keeps what was the same, so that of a history that grows only what is new is compared
 */
export function findDifference(
  recorded: unknown,
  actual: unknown,
  compared: Compared,
  place = '',
): Difference | undefined {
  if (recorded === actual) return undefined
  const [before, after] = [asBlocks(recorded, actual), asBlocks(actual, recorded)]
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return Object.is(before, after) ? undefined : { place: place || 'the request', recorded: before, actual: after }
  }
  if (compared.get(before) === after) return undefined
  if (isMedia(before) && after.type === 'text') return undefined
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (passing.has(key)) continue
    const found = findDifference(before[key], after[key], compared, placeOf(place, key, before))
    if (found) return found
  }
  compared.set(before, after)
  return undefined
}

function placeOf(place: string, key: string, parent: object): string {
  if (Array.isArray(parent)) return `${place}[${key}]`
  return place ? `${place}.${key}` : key
}

/** A text as the block that it stands for, beside one that is written as blocks. */
function asBlocks(value: unknown, other: unknown): unknown {
  return typeof value === 'string' && Array.isArray(other) ? [{ type: 'text', text: value }] : value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isMedia({ type }: Record<string, unknown>): boolean {
  return type === 'image' || type === 'document'
}
