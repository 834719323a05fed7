import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import { createClient, createMessage, type MessageParams } from '../index.ts'

const params: MessageParams & { stream?: false } = {
  model: 'claude-haiku-4-5',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Hi' }],
}

type Answer = { status: number; headers?: Record<string, string> }
let answers: Answer[] = []
let server: LocalServer
beforeAll(async () => {
  server = await serve((response) => {
    const { status, headers } = answers.shift() ?? { status: 200 }
    if (status === 0) response.destroy()
    else if (status === 200) reply(response, 200, { id: 'msg_1', type: 'message', content: [], usage: {} })
    else reply(response, status, errorBody('x'), headers)
  })
})
afterAll(() => server.close())

/** What a client made of the answers: how it ended, and how many attempts that took. */
async function outcome(script: Answer[], call: () => PromiseLike<unknown>) {
  answers = script.map((answer) => ({ ...answer, headers: { 'retry-after-ms': '1', ...answer.headers } }))
  const before = server.received.length
  const end = await call().then(
    () => 'answered',
    (error) => error.status ?? 'lost',
  )
  return { end, attempts: server.received.length - before }
}

const cases: [name: string, script: Answer[]][] = [
  ...[400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529].map(
    (status) => [`a ${status}`, [{ status }]] as [string, Answer[]],
  ),
  ['three failures', [{ status: 529 }, { status: 500 }, { status: 429 }]],
  ['a failure that may be retried, then one that may not', [{ status: 529 }, { status: 400 }]],
  ['x-should-retry: true on a 400', [{ status: 400, headers: { 'x-should-retry': 'true' } }]],
  ['x-should-retry: false on a 529', [{ status: 529, headers: { 'x-should-retry': 'false' } }]],
  ['x-should-retry: maybe on a 529', [{ status: 529, headers: { 'x-should-retry': 'maybe' } }]],
  ['x-should-retry: maybe on a 400', [{ status: 400, headers: { 'x-should-retry': 'maybe' } }]],
]

describe('what the official client retries, ours does, and nothing else', () => {
  it.each(cases)('%s', async (_, script) => {
    const client = createClient({ apiKey: 'k', baseURL: server.url })
    const official = new Anthropic({ apiKey: 'k', baseURL: server.url, logLevel: 'off' })
    const theirs = await outcome(script, () => official.messages.create(params as never))
    const ours = await outcome(script, () => createMessage(client, params))
    expect(ours).toEqual(theirs)
  })
})
