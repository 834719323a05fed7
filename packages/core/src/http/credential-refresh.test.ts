import { describe, expect, it } from 'vitest'
import {
  AuthenticationError,
  type ClientOptions,
  type CredentialRequest,
  createClient,
  createMessage,
  type MessageParams,
} from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const refused = () => Response.json({ error: { type: 'authentication_error', message: 'Expired.' } }, { status: 401 })

/** Credentials in the order of their sending, against an API that takes only some. */
function setUp(isGood: (secret: string) => boolean, options: ClientOptions) {
  const sent: string[] = []
  const fetch = async (_: unknown, init?: RequestInit) => {
    const headers = init!.headers as Headers
    const secret = headers.get('x-api-key') ?? headers.get('authorization')!
    sent.push(secret)
    return isGood(secret) ? Response.json({ id: 'msg_1' }) : refused()
  }
  const client = createClient({ fetch: fetch as never, retry: { baseDelayMs: 60_000 }, ...options })
  return { sent, call: () => createMessage(client, params) }
}

describe('a credential that the API refuses', () => {
  it('is asked for once more, at once, and told why', async () => {
    const asked: CredentialRequest[] = []
    const authToken = (request: CredentialRequest) => {
      asked.push(request)
      return request.refresh ? 'new' : 'old'
    }
    const { sent, call } = setUp((secret) => secret === 'Bearer new', { authToken })
    expect(await call()).toEqual({ id: 'msg_1' })
    expect(sent).toEqual(['Bearer old', 'Bearer new'])
    expect(asked).toEqual([{ refresh: false }, { refresh: true }])
  })

  it('twice is refused for good, however many retries are allowed', async () => {
    const { sent, call } = setUp(() => false, { apiKey: async () => 'k', retry: { maxRetries: 9 } })
    await expect(call()).rejects.toBeInstanceOf(AuthenticationError)
    expect(sent).toHaveLength(2)
  })

  it('and is a text is refused at once', async () => {
    const { sent, call } = setUp(() => false, { apiKey: 'k' })
    await expect(call()).rejects.toBeInstanceOf(AuthenticationError)
    expect(sent).toHaveLength(1)
  })

  it('does not use up a retry', async () => {
    let attempt = 0
    const fetch = async () => [refused(), Response.error(), Response.json({ id: 'msg_1' })][attempt++]!
    const client = createClient({
      apiKey: () => 'k',
      retry: { maxRetries: 1, baseDelayMs: 0 },
      fetch: async () => {
        const response = await fetch()
        if (response.type === 'error') throw new TypeError('lost')
        return response
      },
    })
    expect(await createMessage(client, params)).toEqual({ id: 'msg_1' })
  })
})

describe('an idempotency key', () => {
  it('is the same for all attempts of a call, and another for the next', async () => {
    const keys: (string | null)[] = []
    const fetch = async (_: unknown, init?: RequestInit) => {
      keys.push((init!.headers as Headers).get('idempotency-key'))
      return keys.length % 3 ? new Response('', { status: 500 }) : Response.json({ id: 'msg_1' })
    }
    const client = createClient({ apiKey: 'k', fetch: fetch as never, retry: { baseDelayMs: 0 } })
    await createMessage(client, params)
    await createMessage(client, params)
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 3, 3, 3])
  })

  it('may be the caller\u2019s own', async () => {
    const keys: (string | null)[] = []
    const fetch = async (_: unknown, init?: RequestInit) => {
      keys.push((init!.headers as Headers).get('idempotency-key'))
      return Response.json({ id: 'msg_1' })
    }
    const client = createClient({ apiKey: 'k', fetch: fetch as never })
    await createMessage(client, params, { headers: { 'Idempotency-Key': 'mine' } })
    await createMessage(client, params, { headers: { 'idempotency-key': null } })
    expect(keys).toEqual(['mine', null])
  })
})

it('every response is shown to the caller, whatever its status', async () => {
  const answers = [new Response('', { status: 529 }), Response.json({ id: 'msg_1' }, { headers: { 'x-a': '1' } })]
  const client = createClient({ apiKey: 'k', fetch: async () => answers.shift()!, retry: { baseDelayMs: 0 } })
  const seen: unknown[] = []
  await createMessage(client, params, { onResponse: ({ status, headers }) => seen.push([status, headers.get('x-a')]) })
  expect(seen).toEqual([
    [529, null],
    [200, '1'],
  ])
})
