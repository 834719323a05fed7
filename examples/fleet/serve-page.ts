import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LocalFleet } from './start-fleet.ts'

/** What the page shows. */
export interface FleetView {
  sessions: { id: string; holder: string | null; status: string; answered: number; facts: number; says: string }[]
  workers: { name: string; pid: number; holds: number }[]
  /** Turns that failed too often, and wait for somebody. */
  parked: { session: string; reason: string }[]
  sent: number
  answered: number
  refused: number
  killed: number
  payments: { made: number; twice: number }
  cost: { usd: number; reserved: number; cap: number }
}

interface Row {
  id: string
  owner: string | null
  facts: string
  answered: string
  last_type: string
  last_status: string | null
  says: string | null
}

// One look at the journals, as anybody with SQL may have it.
const lookAtSessions = `
  SELECT s.id, CASE WHEN s.lease IS NOT NULL THEN s.owner END AS owner, s.last_seq AS facts,
    (SELECT count(*) FROM enjamb.entries e WHERE e.session = s.id AND e.type = 'turn' AND e.entry->>'status' = 'completed') AS answered,
    (SELECT e.type FROM enjamb.entries e WHERE e.session = s.id ORDER BY seq DESC LIMIT 1) AS last_type,
    (SELECT e.entry->>'status' FROM enjamb.entries e WHERE e.session = s.id AND e.type = 'turn' ORDER BY seq DESC LIMIT 1) AS last_status,
    (SELECT coalesce(e.entry->'message'->'content'->-1->>'text', e.entry->'call'->>'name')
      FROM enjamb.entries e WHERE e.session = s.id AND e.type IN ('reply', 'intent') ORDER BY seq DESC LIMIT 1) AS says
  FROM enjamb.sessions s ORDER BY s.id`

/** Serves the page, which looks twice a second. */
export async function servePage(fleet: LocalFleet, counts: { sent: number; refused: number }, port: number) {
  async function view(): Promise<FleetView> {
    const [sessions, payments, books, parked] = await Promise.all([
      fleet.pool.query<Row>(lookAtSessions),
      fleet.pool.query('SELECT count(*) AS made, count(*) - count(DISTINCT key) AS twice FROM payments'),
      fleet.pool.query(
        'SELECT coalesce(sum(reserved), 0) AS reserved, coalesce(sum(spent), 0) AS spent FROM enjamb.usage_days',
      ),
      fleet.admin.parked().catch(() => []), // The engine may be away for a moment.
    ])
    const rows = sessions.rows.map(({ id, owner, facts, answered, last_type, last_status, says }) => ({
      id,
      holder: owner,
      status: last_type === 'turn' ? (last_status ?? '') : last_type,
      answered: Number(answered),
      facts: Number(facts),
      says: says ?? '',
    }))
    const [{ made, twice }] = payments.rows
    const [{ reserved, spent }] = books.rows
    return {
      sessions: rows,
      workers: Array.from(fleet.workers.values(), ({ name, pid }) => ({
        name,
        pid,
        holds: rows.filter(({ holder }) => holder === name).length,
      })),
      parked,
      ...counts,
      answered: rows.reduce((sum, { answered }) => sum + answered, 0),
      killed: fleet.killed,
      payments: { made: Number(made), twice: Number(twice) },
      cost: { usd: Number(spent) / 1e9, reserved: Number(reserved) / 1e9, cap: fleet.capUsd },
    }
  }

  const acts: Record<string, (name: string) => Promise<unknown> | undefined> = {
    '/kill': (name) => fleet.kill(name),
    '/retry': (name) => fleet.client.retry(name),
    '/engine': () => fleet.restartEngine(),
    '/database': () => fleet.restartDatabase?.(),
  }
  const page = await readFile(new URL('page.html', import.meta.url))
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    try {
      if (request.method === 'POST') await acts[pathname]?.(searchParams.get('name') ?? '')
      const isPage = request.method === 'GET' && pathname === '/'
      response.setHeader('content-type', isPage ? 'text/html; charset=utf-8' : 'application/json')
      response.end(isPage ? page : JSON.stringify(pathname === '/view' ? await view() : {}))
    } catch (error) {
      // The database may be away for a moment.
      response.statusCode = 503
      response.end(JSON.stringify({ error: (error as Error).message }))
    }
  }).listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    view,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
