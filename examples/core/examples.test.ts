import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMockServer, type MockServerOptions } from '@enjamb/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runExample } from '../run-example.ts'

async function run(name: string, options: MockServerOptions = {}) {
  const server = await createMockServer(options)
  const cwd = mkdtempSync(join(tmpdir(), 'enjamb-example-'))
  onTestFinished(async () => {
    rmSync(cwd, { recursive: true, force: true })
    await server.close()
  })
  const { out, err } = await runExample(fileURLToPath(new URL(name, import.meta.url)), server, cwd)
  expect(err).toBe('')
  return { out, cwd, server }
}

describe('the example', { timeout: 30_000 }, () => {
  it('of a budget spends, tells and stops in time', async () => {
    const { out, cwd, server } = await run('budget.ts')
    expect(out).toMatch(/^spent 0\.00\d+, 4\.99\d+ dollars left\n.*budget.*\n$/)
    expect(server.ledger.cost.usd).toBeLessThan(5)
    expect(readdirSync(join(cwd, 'usage'))).not.toEqual([])
  })

  it('of a burst gets all its answers', async () => {
    const { out } = await run('burst.ts', { rateLimits: { requestsPerMinute: 600 } })
    expect(out).toBe('6 answers\n')
  })

  it('of a batch reads every result', async () => {
    const { out } = await run('batch.ts')
    expect(out.trim().split('\n').sort()).toEqual(['Bern succeeded', 'Oslo succeeded', 'Rome succeeded'])
  })
})
