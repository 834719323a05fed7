import { hostname } from 'node:os'
import { processIdentity } from '@enjamb/core/node'
import type { Database } from '../connection/database.ts'
import type { Link } from '../connection/link.ts'

/** A lease that is held here. */
export interface HeldLease {
  readonly id: string
  /** What it is held by: whoever takes the session over puts another in its place. Unknown for as long as it is being read back. */
  readonly lease: string | undefined
  lose(): void
}

/** This process, as the database knows it: alive for as long as it says so, for all its leases in one statement. */
export interface Worker {
  readonly id: string
  /** Sees that it is known as alive, before it claims something. */
  appear(): Promise<void>
  hold(lease: HeldLease): void
  drop(lease: HeldLease): void
  /** Nobody holds it, and the database could not be told: it is, with the next renewal. */
  forsake(lease: { id: string; lease: string }): void
  /** The connection is there again. */
  onUp(): void
}

export function createWorker(database: Database, link: () => Link, leaseMs: number): Worker {
  const { schema } = database
  const id = crypto.randomUUID()
  const held = new Set<HeldLease>()
  let forsaken: { id: string; lease: string }[] = []
  let letGo: (() => void) | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let saidAt = -Infinity

  const identity = [id, hostname(), process.pid, processIdentity(), leaseMs]
  const alive = `
    INSERT INTO ${schema}.workers (id, host, pid, process, alive_until)
    VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond')
    ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until`
  // The clock is the database's alone: whatever a worker believes, it is the same for all who ask.
  const renewal = `
    WITH alive AS (${alive}), freed AS (
      UPDATE ${schema}.sessions AS s SET worker = NULL, lease = NULL, held_until = NULL
      FROM unnest($8::text[], $9::uuid[]) AS f(id, lease) WHERE s.id = f.id AND s.lease = f.lease
    )
    SELECT h.id, h.lease FROM unnest($6::text[], $7::uuid[]) AS h(id, lease)
    LEFT JOIN ${schema}.sessions AS s ON s.id = h.id WHERE s.lease IS DISTINCT FROM h.lease`

  async function renew(): Promise<void> {
    const leases = [...held].flatMap((one) => (one.lease ? { id: one.id, lease: one.lease, one } : []))
    const freed = forsaken
    const at = performance.now()
    try {
      const gone = await link().query(renewal, [
        ...identity,
        leases.map(({ id }) => id),
        leases.map(({ lease }) => lease),
        freed.map(({ id }) => id),
        freed.map(({ lease }) => lease),
      ])
      saidAt = at
      forsaken = forsaken.filter((lease) => !freed.includes(lease))
      rest()
      const lost = new Set(gone.map(({ lease }) => lease))
      for (const { lease, one } of leases) if (lost.has(lease) && one.lease === lease && held.has(one)) one.lose()
    } catch {
      // The next one tells, or that after it.
    }
  }

  function rest(): void {
    if (held.size) {
      letGo ??= link().hold()
      timer ??= setInterval(() => void renew(), leaseMs / 3)
    } else {
      clearInterval(timer)
      timer = undefined
      letGo?.()
      letGo = undefined
    }
  }

  return {
    id,
    async appear() {
      const at = performance.now()
      if (at - saidAt < leaseMs / 3) return
      await database.query('This process could not be made known to the database', alive, identity)
      saidAt = at
    },
    hold(lease) {
      held.add(lease)
      rest()
    },
    drop(lease) {
      held.delete(lease)
      rest()
    },
    // Where there is no other lease, that of the process itself runs out.
    forsake: (lease) => void forsaken.push(lease),
    onUp: () => void renew(),
  }
}
