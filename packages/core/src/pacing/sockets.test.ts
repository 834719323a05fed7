import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalServer, reply, serve } from '../../test/serve.ts'
import { createClient, createMessage, type MessageParams, withOptions } from '../index.ts'
import { createPacer } from './create-pacer.ts'

const limit = 10
const periodMs = 100
const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

let refused = 0
let server: LocalServer
beforeAll(async () => {
  let level = limit
  let at = Date.now()
  server = await serve((response) => {
    const now = Date.now()
    level = Math.min(limit, level + ((now - at) * limit) / periodMs)
    at = now
    const ok = level >= 1
    if (ok) level--
    else refused++
    reply(response, ok ? 200 : 429, ok ? { id: 'msg_1', usage: {} } : {}, {
      'anthropic-ratelimit-requests-limit': String(limit),
      'anthropic-ratelimit-requests-remaining': String(Math.floor(level)),
      'anthropic-ratelimit-requests-reset': new Date(now + ((limit - level) * periodMs) / limit).toISOString(),
      ...(ok ? {} : { 'retry-after-ms': '10' }),
    })
  })
})
afterAll(() => server.close())

it('a burst from two clients waits for its turn at a real server', async () => {
  const { middleware } = createPacer()
  const client = createClient({ apiKey: 'k', baseURL: server.url, middleware: [middleware], retry: { maxRetries: 20 } })
  const other = withOptions(client, { timeoutMs: 60_000 })
  const calls = Array.from({ length: 60 }, (_, n) => createMessage(n % 2 ? client : other, params))
  const messages = await Promise.all(calls)
  expect(messages).toHaveLength(60)
  // Retries alone are refused hundreds of times here.
  expect(refused).toBeLessThan(10)
})
