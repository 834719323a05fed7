import { isBlobId } from '../journal/blob-id.ts'
import type { Entry } from '../journal/entry.ts'

/**
 * The blobs that an entry names, of whatever type it is. What people and models have written is not looked at: to write a
 * blob's name must not be a way to get it.
 */
export function blobIdsIn(entry: Entry): string[] {
  return Object.entries(entry).flatMap(([name, value]) => (written.has(name) ? [] : idsIn(value)))
}

const written = /* @__PURE__ */ new Set(['frozen', 'changed', 'content', 'message', 'call', 'input', 'summary'])

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return isBlobId(value) ? [value] : []
  return typeof value === 'object' && value ? Object.values(value).flatMap(idsIn) : []
}
