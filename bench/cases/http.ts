import { strictEqual } from 'node:assert'
import { median, type Report } from '../report.ts'
import { runClient, startServer } from './http/processes.ts'

const streams = 50
const deltas = 1_000
const rounds = 7
const names = {
  fetch: '`fetch`, the bytes read and dropped',
  final: '`streamMessage(…).final()`',
  text: '`for await (… of streamMessage(…).text())`',
  events: '`for await (… of streamMessage(…))`',
}

/** CPU for each event over real HTTP: a server in another process, an event a write, 50 streams at a time. */
export default async function run(): Promise<Report> {
  const server = await startServer()
  const measured: Record<string, number[]> = {}
  try {
    const seen: Record<string, number> = {}
    for (let round = 0; round < rounds; round++) {
      for (const contender of Object.keys(names)) {
        const result = runClient('client.ts', server.port, contender, streams, deltas)
        seen[contender] = result.seen!
        measured[contender] = [...(measured[contender] ?? []), result.us! / (streams * deltas)]
      }
    }
    strictEqual(seen.final, seen.text)
    strictEqual(seen.final, seen.events)
  } finally {
    server.close()
  }
  const ratio = (contender: string) => median(measured[contender]!.map((us, round) => us / measured.fetch![round]!))
  return {
    title: 'Over real HTTP',
    method: `CPU of the client's process, its kernel time included, for each event: ${streams} streams at a time of ${deltas} events, each event a write of its own. Medians of ${rounds} rounds in turns; a ratio is the median of those to fetch in the same round.`,
    rows: Object.entries(names).map(([contender, name]) => ({
      name,
      value: median(measured[contender]!),
      unit: 'µs an event',
      ratio: ratio(contender),
      ours: contender !== 'fetch',
    })),
    goals: [{ what: 'final() against fetch alone', atMost: 1.15, measured: ratio('final') }],
  }
}
