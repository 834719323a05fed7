import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Pool } from 'pg'
import { fileStore } from '../src/node/index.ts'
import { postgresStore } from '../src/postgres/index.ts'
import { shiftClock } from './shift-clock.ts'

/**
 * A process that writes a session of a folder, or of a database's schema as `<url>#<schema>`, as it is told line by line: `open`, `append N` (N entries in one), `flood`
 * (one after the other, until it is killed) and `release`. It answers each with a line; of each append that was
 * acknowledged the last place goes into the file of its third argument, at once.
 */
const [directory, id, report, leaseMs] = process.argv.slice(2) as [string, string, string, string]
const [connectionString, schema] = directory.split('#')
const store = schema
  ? postgresStore(new Pool({ connectionString }), { schema, leaseMs: Number(leaseMs) })
  : fileStore(directory, { leaseMs: Number(leaseMs) })
shiftClock(Number(process.env.CLOCK_SHIFT_MS ?? 0))
let lease: Awaited<ReturnType<typeof store.open>> | undefined
let written = 0

async function append(count: number): Promise<number> {
  const entries = Array.from({ length: count }, () => ({
    type: 'note' as const,
    name: String(process.pid),
    data: { n: ++written, filler: 'x'.repeat((written * 7_919) % 3_000) },
  }))
  const seq = await lease!.append(entries)
  appendFileSync(report, `${seq}\n`)
  return seq
}

async function obey(command: string, count: string | undefined): Promise<unknown> {
  if (command === 'open') {
    lease = await store.open(id, { create: true, owner: 'worker' })
    lease.lost.addEventListener('abort', () => console.log('lost'))
    return 'opened'
  }
  if (command === 'append') return append(Number(count))
  if (command === 'release') return lease!.release()
  for (;;) await Promise.all([append(1), append((written % 4) + 1)])
}

for await (const line of createInterface(process.stdin)) {
  const [command = '', count] = line.split(' ')
  const answer = await obey(command, count).catch((error) => `${error.code} ${error.message}`)
  console.log(answer ?? 'done')
}
