import { createAPIHandler } from '@enjamb/testing'
import { expect, it } from 'vitest'
import { type Bucket, holdBack, takeTime } from './pace.ts'

/** The provider, by a clock of its own. */
function startProvider(requestsPerMinute: number) {
  let now = Date.UTC(2026, 0, 1)
  const handle = createAPIHandler({ rateLimits: { requestsPerMinute }, now: () => now })
  const body = JSON.stringify({
    model: 'claude-haiku-4-5',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Go.' }],
  })
  const headers = { 'x-api-key': 'key', 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
  return {
    async ask(at: number) {
      now = Math.max(now, at)
      const { status } = await handle(new Request('http://localhost/v1/messages', { method: 'POST', headers, body }))
      return status
    },
    began: now,
  }
}

it('requests that always wait use the limit but for a fiftieth, and none of them is refused', async () => {
  const { ask, began } = startProvider(50)
  // What `fleetPacer` makes of 50 a minute.
  const pace = { perMinute: 49, burst: 5 }
  let bucket: Bucket | undefined
  const times: number[] = []
  // Asked for as a fleet does, faster than they may leave, by clocks that are up to a second apart.
  for (let n = 0; n < 500; n++) {
    const asked = began + n * 1_000 + ((n * 7_919) % 1_000)
    const taken = takeTime(bucket, pace, asked)
    bucket = taken.bucket
    times.push(asked + taken.waitMs)
  }
  times.sort((a, b) => a - b)
  const statuses = new Set<number>()
  for (const at of times) statuses.add(await ask(at))
  expect(statuses).toEqual(new Set([200]))
  const perMinute = ((times.length - pace.burst) * 60_000) / (times.at(-1)! - times[0]!)
  expect(perMinute / 50).toBeGreaterThan(0.97)
  expect(perMinute).toBeLessThan(50)
})

it('a pause that the provider asks for holds back what comes, and nothing gathers meanwhile', () => {
  const pace = { perMinute: 60, burst: 6 }
  let bucket: Bucket | undefined = holdBack(undefined, { ...pace, ms: 3_000 }, 0)
  const waits = [0, 0, 500].map((now) => {
    const taken = takeTime(bucket, pace, now)
    bucket = taken.bucket
    return now + taken.waitMs
  })
  expect(waits).toEqual([4_000, 5_000, 6_000])
})
