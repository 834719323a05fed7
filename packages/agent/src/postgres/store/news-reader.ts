import type { Entry } from '../../journal/entry.ts'
import type { Database } from '../connection/database.ts'

/** Reads what is behind a place in sessions, of many in one statement. */
export interface NewsReader {
  /**
   * The next entries after a place, at most {@link pageLength}; nothing where there is no such session.
   *
   * @throws {SessionStoreError}
   */
  next(id: string, after: number): Promise<Entry[] | undefined>
}

interface Question {
  id: string
  after: number
  resolve(entries: Entry[] | undefined): void
  reject(error: unknown): void
}

export const pageLength = 50
const mostAtOnce = 100

export function createNewsReader(database: Database): NewsReader {
  const { schema } = database
  const waiting: Question[] = []
  let working = false
  const text = `
    SELECT f.n, s.id, e.entry::text AS line FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS f(id, after, n)
    LEFT JOIN ${schema}.sessions AS s ON s.id = f.id
    LEFT JOIN LATERAL (
      SELECT seq, entry FROM ${schema}.entries WHERE session = f.id AND seq > f.after ORDER BY seq LIMIT ${pageLength}
    ) AS e ON true ORDER BY f.n, e.seq`

  async function answer(questions: Question[]): Promise<void> {
    const ids = questions.map(({ id }) => id)
    const places = questions.map(({ after }) => after)
    const rows = await database.query('Journals could not be read', text, [ids, places])
    const found = questions.map((): Entry[] | undefined => undefined)
    for (const { n, id, line } of rows) {
      if (id === null) continue
      found[n - 1] ??= []
      const entries = found[n - 1]!
      if (line !== null) entries.push(JSON.parse(line))
    }
    questions.forEach(({ resolve }, n) => {
      resolve(found[n])
    })
  }

  async function work(): Promise<void> {
    while (waiting.length) {
      const questions = waiting.splice(0, mostAtOnce)
      try {
        await answer(questions)
      } catch (error) {
        for (const { reject } of questions) reject(error)
      }
    }
    working = false
  }

  return {
    next: (id, after) =>
      new Promise((resolve, reject) => {
        // More than any place there is: of a session that is only asked for.
        waiting.push({ id, after: Math.min(after, Number.MAX_SAFE_INTEGER), resolve, reject })
        // In the next step: what comes at the same time is asked together, and what comes meanwhile after it.
        if (!working) {
          working = true
          queueMicrotask(() => void work())
        }
      }),
  }
}
