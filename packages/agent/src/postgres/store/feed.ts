import { onAbort } from '@enjamb/core'
import type { Database } from '../connection/database.ts'
import { createLink, type Link } from '../connection/link.ts'
import type { PostgresPool } from '../connection/postgres-pool.ts'

/** Tells those who follow sessions, in this process and in others, that there is more to read. */
export interface Feed {
  /** More of a session was written. */
  tell(id: string, seq: number): void
  /** Joins those who are told of a session. */
  follow(id: string): Follower
  /** Keeps the connection that is listened on, for the worker's own statements. */
  readonly link: Link
}

interface Follower {
  /** Waits until there may be more than this, or the signal aborts. */
  more(seen: number, signal: AbortSignal): Promise<void>
  leave(): void
}

interface Bell {
  /** The last place that it was told of. */
  heard: number
  /** There may be more than that. */
  missed: boolean
  seen: number
  wake: () => void
}

/** What was not told, as who wrote it has died, is found by looking. */
const lookMs = 1_000

/**
 * One connection listens for all. Who is told is told outside of the transaction that writes: a NOTIFY within it would hold up
 * the commits of all others.
 */
export function createFeed(pool: PostgresPool, { schema }: Database, onUp: () => void): Feed {
  const bells = new Map<string, Set<Bell>>()
  let untold = new Map<string, number>()
  let telling = false
  let stopLooking = () => {}

  function ring(id: string, seq: number | undefined): void {
    for (const bell of bells.get(id) ?? []) {
      bell.heard = Math.max(bell.heard, seq ?? 0)
      bell.missed ||= seq === undefined
      if (bell.missed || bell.heard > bell.seen) bell.wake()
    }
  }

  const link = createLink({
    pool,
    channel: schema,
    onNotification(payload) {
      const [id = '', seq] = payload.split(' ')
      ring(id, Number(seq))
    },
    onUp() {
      for (const id of bells.keys()) ring(id, undefined)
      void passOn()
      onUp()
    },
  })

  async function passOn(): Promise<void> {
    if (telling) return
    telling = true
    while (untold.size) {
      const batch = [...untold].map(([id, seq]) => `${id} ${seq}`)
      const before = untold
      untold = new Map()
      try {
        await link.query('SELECT pg_notify($1, said) FROM unnest($2::text[]) AS said', [schema.slice(1, -1), batch])
      } catch {
        untold = new Map([...before, ...untold])
        break
      }
    }
    telling = false
  }

  async function look(): Promise<void> {
    const text = `SELECT id, last_seq FROM unnest($1::text[]) AS id LEFT JOIN ${schema}.sessions USING (id)`
    const rows = await link.query(text, [[...bells.keys()]]).catch(() => [])
    // Of one that is gone the reader finds out.
    for (const { id, last_seq } of rows) ring(id, last_seq === null ? undefined : Number(last_seq))
  }

  return {
    link,
    tell(id, seq) {
      ring(id, seq)
      untold.set(id, seq)
      void passOn()
    },
    follow(id) {
      const bell: Bell = { heard: 0, missed: false, seen: 0, wake: () => {} }
      if (!bells.size) {
        const timer = setInterval(() => void look(), lookMs)
        stopLooking = () => clearInterval(timer)
      }
      const all = bells.get(id) ?? new Set()
      bells.set(id, all.add(bell))
      const letGo = link.hold()
      return {
        async more(seen, signal) {
          bell.seen = seen
          if (!bell.missed && bell.heard <= seen && !signal.aborted) {
            await new Promise<void>((resolve) => {
              const off = onAbort(signal, () => bell.wake())
              bell.wake = () => {
                off()
                resolve()
              }
            })
          }
          bell.wake = () => {}
          bell.missed = false
        },
        leave() {
          all.delete(bell)
          if (!all.size) bells.delete(id)
          if (!bells.size) stopLooking()
          letGo()
        },
      }
    },
  }
}
