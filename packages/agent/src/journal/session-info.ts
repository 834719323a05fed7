import type { Entry } from './entry.ts'
import type { SessionInfo } from './session-store.ts'

/** What a list shows of a session, from the first and the last line of its journal; nothing of one that has no entries. */
export function toSessionInfo(id: string, first: string | undefined, last = first): SessionInfo | undefined {
  if (!first || !last) return undefined
  const head = JSON.parse(first) as Entry
  const { at } = JSON.parse(last) as Entry
  const { title, parent } = head.type === 'session' ? head : {}
  return { id, title, parent, createdAt: new Date(head.at), updatedAt: new Date(at) }
}
