import { sessionNotFound } from '../../errors/session-not-found-error.ts'
import type { Entry } from '../../journal/entry.ts'
import type { Database } from '../connection/database.ts'
import type { Feed } from './feed.ts'
import { type NewsReader, pageLength as newsLength } from './news-reader.ts'

/** So many at a time, so that a long journal need not be in memory at once. */
const pageLength = 200

/**
 * Most who read come back for a few entries, and many at a time: those are read with the news.
 *
 * @throws {SessionNotFoundError} {@link SessionStoreError}
 */
export async function* readEntries(
  database: Database,
  news: NewsReader,
  id: string,
  after: number,
): AsyncGenerator<Entry, void> {
  const first = await news.next(id, after)
  if (!first) throw sessionNotFound(id)
  yield* first
  if (first.length < newsLength) return
  const doing = `The journal of session ${id} could not be read`
  const text = `SELECT entry::text AS line FROM ${database.schema}.entries WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT ${pageLength}`
  for (let seen = first.at(-1)!.seq; ; ) {
    const rows = await database.query(doing, text, [id, seen])
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
