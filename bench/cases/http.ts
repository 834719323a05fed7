import { strictEqual } from 'node:assert'
import { atMostRounds } from '../at-most-rounds.ts'
import { median, type Report } from '../report.ts'
import { runClient, startServer } from './http/processes.ts'

const streams = 50
const deltas = 1_000
const rounds = atMostRounds(15)
const ways = {
  final: '`streamMessage(…).final()`',
  text: '`for await (… of streamMessage(…).text())`',
  events: '`for await (… of streamMessage(…))`',
}
/** The clients' fetch: what follows the name of a contender, and what it is called. */
const fetches = { '': '', ' by nodeFetch': ', by `nodeFetch`' }
const names: Record<string, string> = { fetch: '`fetch`, the bytes read and dropped' }
for (const [by, byName] of Object.entries(fetches)) {
  for (const [way, name] of Object.entries(ways)) names[`${way}${by}`] = `${name}${byName}`
}

/** Of each contender: its CPU in each round, in microseconds, and how much it saw. */
interface Measured {
  us: Record<string, number[]>
  seen: Record<string, number>
}

/** CPU for each event over real HTTP: a server in another process, an event a write, 50 streams at a time. */
export default async function run(): Promise<Report> {
  const server = await startServer()
  try {
    const { us, seen } = runClient<Measured>('client.ts', server.port, streams, deltas, rounds)
    for (const name of Object.keys(names)) if (name !== 'fetch') strictEqual(seen[name], seen.final)
    const ratio = (contender: string) => median(us[contender]!.map((time, round) => time / us.fetch![round]!))
    return {
      title: 'Over real HTTP',
      method: `CPU of the client's process, its kernel time included, for each event: ${streams} streams at a time of ${deltas} events, each event a write of its own. Medians of ${rounds} rounds in turns, all in one process; a ratio is the median of those to fetch in the same round.`,
      rows: Object.entries(names).map(([contender, name]) => ({
        name,
        value: median(us[contender]!) / (streams * deltas),
        unit: 'µs an event',
        ratio: ratio(contender),
        ours: contender !== 'fetch',
      })),
      goals: [
        { what: 'final() against fetch alone', atMost: 1.15, measured: ratio('final') },
        { what: 'final() by nodeFetch against fetch alone', atMost: 0.95, measured: ratio('final by nodeFetch') },
      ],
    }
  } finally {
    server.close()
  }
}
