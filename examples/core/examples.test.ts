import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type MockServerOptions, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

const run = (name: string, options?: MockServerOptions) => runExample(new URL(name, import.meta.url), options)

describe('the example', { timeout: 30_000 }, () => {
  it('of a first call shows the answer', async () => {
    const { out } = await run('first-call.ts')
    expect(out).toMatch(runs['core/first-call'].out)
  })

  it('of errors asks again later where it was too much at once', async () => {
    const { out, server } = await run('handle-errors.ts', {
      script: script([{ times: 3, reply: { error: { status: 429, headers: { 'retry-after-ms': '1' } } } }]),
    })
    expect(out).toContain('input_tokens')
    expect(server.requests).toHaveLength(4)
  })

  it('of a budget spends, tells and stops in time', async () => {
    const { out, cwd, server } = await run('budget.ts')
    expect(out).toMatch(/^spent 0\.00\d+, 4\.99\d+ dollars left\n.*budget.*\n$/)
    expect(server.ledger.cost.usd).toBeLessThan(5)
    expect(readdirSync(join(cwd, 'usage'))).not.toEqual([])
  })

  it('of a burst gets all its answers', async () => {
    const { out: expected, ...options } = runs['core/burst']
    const { out } = await run('burst.ts', options)
    expect(out).toMatch(expected)
  })

  it('of a batch reads every result', async () => {
    const { out } = await run('batch.ts')
    expect(out.trim().split('\n').sort()).toEqual(['Bern succeeded', 'Oslo succeeded', 'Rome succeeded'])
  })

  it("of Node's fetch gets an answer, and ends", async () => {
    const { out } = await run('node-fetch.ts')
    expect(out).toBe('end_turn\n')
  })

  it('of telemetry makes its call', async () => {
    const { server } = await run('telemetry.ts')
    expect(server.ledger.answers).toBe(1)
  })
})
