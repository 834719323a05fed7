import { strictEqual } from 'node:assert'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMockServer } from '@enjamb/testing'
import type { Report } from '../report.ts'

const turns = 20
const talk = fileURLToPath(new URL('session-cost/talk.ts', import.meta.url))
const execute = promisify(execFile)

/** What a session costs by the mock's own count, in dollars, taken up by a second process after half of its turns. */
async function costOf(cache: 'on' | 'off'): Promise<{ usd: number; requests: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'enjamb-bench-'))
  const server = await createMockServer()
  try {
    for (const [first, last] of [
      [1, turns / 2],
      [turns / 2 + 1, turns],
    ]) {
      const args = ['--import', 'tsx', talk, server.url, folder, 'session', cache, `${first}`, `${last}`]
      await execute(process.execPath, args)
    }
    return { usd: server.ledger.cost.usd, requests: server.ledger.answers }
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

/** What caching saves a session. It is a count, and no measurement: the same on every machine. */
export default async function bench(): Promise<Report> {
  const without = await costOf('off')
  const cached = await costOf('on')
  strictEqual(without.requests, 2 * turns)
  strictEqual(cached.requests, 2 * turns)
  const cents = (usd: number) => ({ value: usd * 100, unit: 'US¢' as const })
  return {
    title: 'What a session costs',
    method: `${turns} turns of a session with Sonnet, a system prompt of 10,000 tokens and eight tools; each turn makes a call, so it is ${2 * turns} requests. A second process takes the session up after half of them. At list prices, as the mock server of \`@enjamb/testing\` counts its prompt cache.`,
    rows: [
      { name: '`cache: false`', ...cents(without.usd) },
      { name: 'as it is by default', ...cents(cached.usd), ratio: cached.usd / without.usd, ours: true },
    ],
    goals: [{ what: 'the cost with caching, of that without', atMost: 0.25, measured: cached.usd / without.usd }],
  }
}
