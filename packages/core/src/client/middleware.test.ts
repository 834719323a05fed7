import { describe, expect, it } from 'vitest'
import {
  ConnectionError,
  createClient,
  createMessage,
  type MessageParams,
  type Middleware,
  type OutgoingRequest,
} from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1' }

function clientOf(middleware: Middleware[], answer: (attempt: number) => Response = () => Response.json(message)) {
  const sent: { url: string; init: RequestInit }[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    sent.push({ url: String(url), init: init! })
    return answer(sent.length - 1)
  }
  return { sent, client: createClient({ apiKey: 'k', middleware, fetch: fetch as never, retry: { baseDelayMs: 0 } }) }
}

describe('middleware', () => {
  it('sees the request as it will be sent', async () => {
    let seen: OutgoingRequest | undefined
    const { client } = clientOf([
      (request, next) => {
        seen = request
        return next(request)
      },
    ])
    await createMessage(client, params, { project: 'docs' })
    expect(seen).toMatchObject({
      method: 'POST',
      attempt: 0,
      project: 'docs',
      url: 'https://api.anthropic.com/v1/messages',
    })
    expect(seen?.headers.get('x-api-key')).toBe('k')
    expect(JSON.parse(seen!.body as string)).toEqual({ ...params, stream: false })
  })

  it('changes the request by passing on a changed copy', async () => {
    const { client, sent } = clientOf([
      (request, next) => {
        const headers = new Headers(request.headers)
        headers.set('x-mine', '1')
        return next({ ...request, headers, url: 'https://gateway.example/' })
      },
    ])
    await createMessage(client, params)
    expect(sent[0]?.url).toBe('https://gateway.example/')
    expect((sent[0]!.init.headers as Headers).get('x-mine')).toBe('1')
  })

  it('runs from the first to the last, and back', async () => {
    const steps: string[] = []
    const trace =
      (name: string): Middleware =>
      async (request, next) => {
        steps.push(`${name} in`)
        const response = await next(request)
        steps.push(`${name} out`)
        return response
      }
    await createMessage(clientOf([trace('a'), trace('b')]).client, params)
    expect(steps).toEqual(['a in', 'b in', 'b out', 'a out'])
  })

  it('may answer without sending', async () => {
    const { client, sent } = clientOf([async () => Response.json({ id: 'cached' })])
    expect(await createMessage(client, params)).toEqual({ id: 'cached' })
    expect(sent).toHaveLength(0)
  })

  it('may look at an answer of any status before it becomes an error', async () => {
    const statuses: number[] = []
    const { client } = clientOf(
      [
        async (request, next) => {
          const response = await next(request)
          statuses.push(response.status)
          return response
        },
      ],
      (attempt) => new Response(JSON.stringify(message), { status: attempt ? 200 : 503 }),
    )
    expect(await createMessage(client, params)).toEqual(message)
    expect(statuses).toEqual([503, 200])
  })

  it('sees a lost connection as a typed error', async () => {
    const { client } = clientOf(
      [
        async (request, next) => {
          await expect(next(request)).rejects.toBeInstanceOf(ConnectionError)
          return Response.json(message)
        },
      ],
      () => {
        throw new TypeError('fetch failed')
      },
    )
    expect(await createMessage(client, params)).toEqual(message)
  })

  it('throws as it is, once, with its own error', async () => {
    const own = new TypeError('a defect of mine')
    let calls = 0
    const { client, sent } = clientOf([
      () => {
        calls++
        throw own
      },
    ])
    await expect(createMessage(client, params)).rejects.toBe(own)
    expect([calls, sent.length]).toEqual([1, 0])
  })

  it('is asked again when it throws what says it is retryable', async () => {
    let calls = 0
    const { client } = clientOf([
      async (request, next) => {
        if (calls++ === 0) throw new ConnectionError('the tunnel fell down')
        return next(request)
      },
    ])
    expect(await createMessage(client, params)).toEqual(message)
    expect(calls).toBe(2)
  })
})
