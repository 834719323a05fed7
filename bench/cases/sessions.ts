import { median, type Report } from '../report.ts'
import { runClient, runClientWith, startServer } from './http/processes.ts'

interface Opened {
  ms: number
  MB: number
}

const measure = <Measured>(what: string) => runClient<Measured>('../sessions/client.ts', what)

/** Memory of many sessions, the time to open long ones, and turns that are on the disk. */
export default async function run(): Promise<Report> {
  const server = await startServer('../sessions/server.ts')
  // Without a limit Node collects only when it has to.
  const limit = ['--max-old-space-size=150']
  const { peakMB } = runClientWith<{ peakMB: number }>(limit, '../sessions/client.ts', 'busy', server.port)
  server.close()
  const { MB, historiesMB } = measure<{ MB: number; historiesMB: number }>('idle')
  const { bytes } = measure<{ bytes: number }>('unread')
  const opened = measure<Record<number, Opened>>('open')
  const rates = measure<Record<'ours' | 'plain', number[]>>('acknowledged')
  const ratio = median(rates.ours.map((rate, round) => rate / rates.plain[round]!))
  const doubled = opened[20_000]!.ms / opened[10_000]!.ms
  return {
    title: 'Many sessions',
    method:
      'Each row in a process of its own. At work: 200 sessions with `fileStore`, 5 turns each with a call, over HTTP; the peak of the whole process, started with `--max-old-space-size=150`. Waiting: 2,000 open sessions with `fileStore` after a turn with a call, heap and external memory after collection, less the JSON of their histories. Opened: journals of turns without calls, about 1 kB each, medians of 7. On the disk: 200 leases, 25 turns each of three entries in one append, beside the same bytes by `appendFile` and `fdatasync` on files opened for each; medians of 7 rounds in turns.',
    rows: [
      { name: '200 sessions at work, peak memory', value: peakMB * 1_000, unit: 'kB', ours: true },
      {
        name: '2,000 sessions waiting, beyond their histories',
        value: (MB - historiesMB) * 1_000,
        unit: 'kB',
        ours: true,
      },
      { name: 'a turn that nobody reads', value: Math.max(0, bytes / 1_000), unit: 'kB', ours: true },
      { name: '10,000 turns, opened', value: opened[10_000]!.ms, unit: 'ms', ours: true },
      { name: '20,000 turns, opened', value: opened[20_000]!.ms, unit: 'ms', ratio: doubled, ours: true },
      { name: '1,000 turns written by `appendFile` and `fdatasync`', value: 1e6 / median(rates.plain), unit: 'ms' },
      {
        name: '1,000 turns acknowledged by `fileStore`',
        value: 1e6 / median(rates.ours),
        unit: 'ms',
        ratio: 1 / ratio,
        ours: true,
      },
    ],
    goals: [
      { what: 'MB of 200 sessions at work', atMost: 300, measured: peakMB },
      { what: 'MB of 2,000 sessions waiting', atMost: 60, measured: MB - historiesMB },
      { what: 'bytes of a turn that nobody reads', atMost: 16, measured: bytes },
      {
        what: 'ms for each MB of a journal that is opened',
        atMost: 500,
        measured: opened[10_000]!.ms / opened[10_000]!.MB,
      },
      { what: 'a journal of twice the turns', atMost: 2.6, measured: doubled },
      { what: 'ms for 1,000 acknowledged turns', atMost: 500, measured: 1e6 / median(rates.ours) },
    ],
  }
}
