import { sessionNotFound } from '../../errors/session-not-found-error.ts'
import type { Entry } from '../../journal/entry.ts'
import type { Database } from '../connection/database.ts'
import type { Feed } from './feed.ts'
import { type NewsReader, pageLength as newsLength } from './news-reader.ts'

/** So many at a time, so that a long journal need not be in memory at once. */
const pageLength = 200

/** @throws {SessionNotFoundError} {@link SessionStoreError} */
export async function* readEntries(database: Database, id: string, after: number): AsyncGenerator<Entry, void> {
  const { schema } = database
  const doing = `The journal of session ${id} could not be read`
  const text = `SELECT entry::text AS line FROM ${schema}.entries WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT ${pageLength}`
  for (let seen = after; ; ) {
    // More than any place there is: of a session that is only asked for.
    const rows = await database.query(doing, text, [id, Math.min(seen, Number.MAX_SAFE_INTEGER)])
    if (!rows.length && seen === after) {
      const found = await database.query(doing, `SELECT FROM ${schema}.sessions WHERE id = $1`, [id])
      if (!found.length) throw sessionNotFound(id)
    }
    for (const { line } of rows) {
      const entry = JSON.parse(line) as Entry
      seen = entry.seq
      yield entry
    }
    if (rows.length < pageLength) return
  }
}

/** What is there, and what comes, until the signal aborts. */
export async function* followEntries(
  news: NewsReader,
  feed: Feed,
  { id, after, signal }: { id: string; after: number; signal: AbortSignal },
): AsyncGenerator<Entry, void> {
  // Before it reads: so nothing comes in between.
  const follower = feed.follow(id)
  let seen = after
  try {
    while (!signal.aborted) {
      const entries = await news.next(id, seen)
      if (!entries) throw sessionNotFound(id)
      for (const entry of entries) {
        if (signal.aborted) return
        seen = entry.seq
        yield entry
      }
      if (entries.length < newsLength) await follower.more(seen, signal)
    }
  } finally {
    follower.leave()
  }
}
