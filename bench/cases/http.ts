import { strictEqual } from 'node:assert'
import type { Report } from '../report.ts'
import { runClient, startServer } from './http/processes.ts'

const streams = 50
const deltas = 1_000
const names = {
  fetch: '`fetch`, the bytes read and dropped',
  final: '`streamMessage(…).final()`',
  text: '`for await (… of streamMessage(…).text())`',
  events: '`for await (… of streamMessage(…))`',
}

/** CPU for each event over real HTTP: a server in another process, an event a write, 50 streams at a time. */
export default async function run(): Promise<Report> {
  const server = await startServer()
  const best: Record<string, number> = {}
  try {
    const seen: Record<string, number> = {}
    for (let round = 0; round < 3; round++) {
      for (const contender of Object.keys(names)) {
        const result = runClient('client.ts', server.port, contender, streams, deltas)
        seen[contender] = result.seen!
        best[contender] = Math.min(best[contender] ?? Number.POSITIVE_INFINITY, result.us! / (streams * deltas))
      }
    }
    strictEqual(seen.final, seen.text)
    strictEqual(seen.final, seen.events)
  } finally {
    server.close()
  }
  return {
    title: 'Over real HTTP',
    method: `CPU of the client's process, its kernel time included, for each event: ${streams} streams at a time of ${deltas} events, each event a write of its own. The least of 3 rounds in turns.`,
    rows: Object.entries(names).map(([contender, name]) => ({
      name,
      value: best[contender]!,
      unit: 'µs an event',
      ratio: best[contender]! / best.fetch!,
      ours: contender !== 'fetch',
    })),
    goals: [{ what: 'final() against fetch alone', atMost: 1.15, measured: best.final! / best.fetch! }],
  }
}
