import type { Report } from '../report.ts'
import { runClient, startServer } from './http/processes.ts'

const streams = 2_000

/** Memory of streams that are open and silent. */
export default async function run(): Promise<Report> {
  const server = await startServer()
  try {
    const bytes = (contender: string) =>
      runClient<{ bytes: number }>('idle-client.ts', server.port, contender, streams).bytes / 1000
    const bare = bytes('fetch')
    const same = bytes('sameRequest')
    const ours = bytes('stream')
    const byNodeFetch = bytes('streamByNodeFetch')
    return {
      title: 'Silent streams',
      method: `${streams} streams open at once, each waiting for its second chunk; heap and external memory after collection, for each.`,
      rows: [
        { name: '`fetch`', value: bare, unit: 'kB' },
        {
          name: '`fetch`, with the headers and the signal of our request',
          value: same,
          unit: 'kB',
          ratio: same / bare,
        },
        { name: '`streamMessage`', value: ours, unit: 'kB', ratio: ours / bare, ours: true },
        {
          name: '`streamMessage`, by `nodeFetch`',
          value: byNodeFetch,
          unit: 'kB',
          ratio: byNodeFetch / bare,
          ours: true,
        },
      ],
      goals: [
        { what: 'ours against fetch', atMost: 1.1, measured: ours / bare },
        { what: 'ours by nodeFetch against fetch', atMost: 0.8, measured: byNodeFetch / bare },
      ],
    }
  } finally {
    server.close()
  }
}
