import { isProcessGone } from '@enjamb/core/node'
import { sessionBusy } from '../../errors/session-busy-error.ts'
import { sessionNotFound } from '../../errors/session-not-found-error.ts'
import type { OpenOptions } from '../../journal/session-store.ts'
import { columnText } from '../column-text.ts'
import type { Database, Rows } from '../connection/database.ts'
import type { Worker } from './worker.ts'

export interface ClaimSettings {
  database: Database
  worker: Worker
  leaseMs: number
}

/** What a session is held by from here on, and the place of its last entry. */
export interface Claim {
  lease: string
  lastSeq: number
}

/** @throws {SessionBusyError} {@link SessionNotFoundError} {@link SessionStoreError} */
export async function claimSession(settings: ClaimSettings, id: string, options: OpenOptions): Promise<Claim> {
  const { worker } = settings
  const lease = crypto.randomUUID()
  await worker.appear()
  try {
    for (let gone: string | null = null; ; ) {
      const [mine] = await take(settings, id, lease, gone, options)
      if (mine) return { lease, lastSeq: Number(mine.last_seq) }
      gone = await whoIsGone(settings.database, id, options)
    }
  } catch (error) {
    // It may be claimed all the same, the answer being lost.
    worker.forsake({ id, lease })
    throw error
  }
}

/** Takes it if it is free, or the one who held it is gone. Asked twice, it is still this one's. */
function take(
  { database, worker, leaseMs }: ClaimSettings,
  id: string,
  lease: string,
  gone: string | null,
  { create, owner }: OpenOptions,
): Promise<Rows> {
  const { schema } = database
  const changes = `SET lease = $2, worker = $3, owner = $4, since = clock_timestamp(),
    held_until = clock_timestamp() + $5 * interval '1 millisecond'`
  // A statement that began before its holder was known as alive does not see that: hence held_until.
  const free = `(s.worker IS NULL OR s.lease = $2 OR s.worker = $6 OR s.held_until <= clock_timestamp() AND NOT EXISTS (
    SELECT FROM ${schema}.workers AS w WHERE w.id = s.worker AND w.alive_until > clock_timestamp()))`
  const text = create
    ? `INSERT INTO ${schema}.sessions AS s (id, lease, worker, owner, since, held_until)
       VALUES ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + $5 * interval '1 millisecond')
       ON CONFLICT (id) DO UPDATE ${changes} WHERE ${free} RETURNING s.last_seq`
    : `UPDATE ${schema}.sessions AS s ${changes} WHERE s.id = $1 AND ${free} RETURNING s.last_seq`
  const words = owner === undefined ? null : columnText(owner)
  return database.query(opening(id), text, [id, lease, worker.id, words, leaseMs, gone])
}

/**
 * Who held it and has ended on this machine: nobody need wait until its time is up. Nobody, where it has become free.
 *
 * @throws {SessionBusyError} it is held
 */
async function whoIsGone(database: Database, id: string, { create }: OpenOptions): Promise<string | null> {
  const { schema } = database
  const text = `
    SELECT s.worker, s.owner, s.since, w.host, w.pid, w.process FROM ${schema}.sessions AS s
    LEFT JOIN ${schema}.workers AS w ON w.id = s.worker WHERE s.id = $1`
  const [found] = await database.query(opening(id), text, [id])
  if (!found && !create) throw sessionNotFound(id)
  if (!found?.worker) return null
  const { worker, owner, host, pid, process, since } = found
  if (process && isProcessGone(process)) return worker
  throw sessionBusy(id, { owner: owner ?? undefined, host: host ?? undefined, pid: pid ?? undefined, since })
}

const opening = (id: string) => `Session ${id} could not be opened`
