import type { Difference } from './replay-error.ts'

/** What says nothing about what was asked: how it is cached, sent and counted. */
const passing = new Set(['cache_control', 'stream', 'metadata'])

/**
 * Where a request first is another than the recorded one; `undefined` where it says the same. A text is the same as a block
 * of it. A picture or document that a text stands for is no difference: what a request may hold is limited.
 */
export function findDifference(recorded: unknown, actual: unknown, place = ''): Difference | undefined {
  if (recorded === actual) return undefined
  const [before, after] = [asBlocks(recorded, actual), asBlocks(actual, recorded)]
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, place)
  if (!isObject(before) || !isObject(after) || Array.isArray(before) || Array.isArray(after)) {
    return Object.is(before, after) ? undefined : { place: place || 'the request', recorded: before, actual: after }
  }
  if (isMedia(before) && after.type === 'text') return undefined
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (passing.has(key)) continue
    const found = findDifference(before[key], after[key], place ? `${place}.${key}` : key)
    if (found) return found
  }
  return undefined
}

function inLists(before: readonly unknown[], after: readonly unknown[], place: string): Difference | undefined {
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const found = findDifference(before[index], after[index], `${place}[${index}]`)
    if (found) return found
  }
  return undefined
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
