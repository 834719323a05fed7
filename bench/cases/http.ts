import { strictEqual } from 'node:assert'
import { median, type Report } from '../report.ts'
import { runClient, startServer } from './http/processes.ts'

const streams = 50
const deltas = 1_000
const rounds = 15
const names = {
  fetch: '`fetch`, the bytes read and dropped',
  final: '`streamMessage(…).final()`',
  text: '`for await (… of streamMessage(…).text())`',
  events: '`for await (… of streamMessage(…))`',
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
    strictEqual(seen.final, seen.text)
    strictEqual(seen.final, seen.events)
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
      goals: [{ what: 'final() against fetch alone', atMost: 1.15, measured: ratio('final') }],
    }
  } finally {
    server.close()
  }
}
