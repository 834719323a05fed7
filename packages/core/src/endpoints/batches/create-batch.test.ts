import { afterEach, describe, expect, it } from 'vitest'
import { type LocalServer, reply, serve } from '../../../test/serve.ts'
import { type BatchRequest, ConfigError, createBatch, createClient, type MessageParams } from '../../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const request = (custom_id: string, extra: object = {}): BatchRequest => ({
  custom_id,
  params: { ...params, ...extra },
})

let server: LocalServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('a batch', () => {
  it('is sent as it is given', async () => {
    server = await serve((response) => reply(response, 200, { id: 'msgbatch_1' }))
    const client = createClient({ apiKey: 'k', baseURL: server.url })
    const requests = [request('a'), request('B_-9'), request('x'.repeat(64), { stream: false, max_tokens: 900_000 })]
    expect(await createBatch(client, { requests })).toEqual({ id: 'msgbatch_1' })
    expect(server.received).toMatchObject([{ method: 'POST', url: '/v1/messages/batches', body: { requests } }])
  })

  it('is sent again after a failure with the same key, so that it is made once', async () => {
    server = await serve((response, attempt) => reply(response, attempt ? 200 : 500, { id: 'msgbatch_1' }))
    const client = createClient({ apiKey: 'k', baseURL: server.url, retry: { baseDelayMs: 0 } })
    await createBatch(client, { requests: [request('a')] })
    const keys = server.received.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toEqual([expect.any(String), keys[0]])
  })

  it.each<[string, unknown, RegExp]>([
    ['no requests', [], /^requests must be 1 to 100,000/],
    ['no list of them', undefined, /^requests must be/],
    ['more than 100,000', new Array(100_001).fill(request('a')), /^requests must be/],
    ['an id twice', [request('a'), request('b'), request('a')], /^requests\.2: custom_id a twice/],
    ['an empty id', [request('')], /^requests\.0: custom_id must be/],
    ['an id with a space', [request('a'), request('a b')], /^requests\.1: custom_id must be/],
    ['an id with a letter beyond ASCII', [request('ä')], /custom_id must be/],
    ['an id with a line break at its end', [request('a\n')], /custom_id must be/],
    ['an id of 65 characters', [request('x'.repeat(65))], /custom_id must be/],
    ['no id', [{ params }], /custom_id must be/],
    ['a stream', [request('a', { stream: true })], /^requests\.0: .*stream/],
    ['a temperature', [request('a'), request('b', { temperature: 1 })], /^requests\.1: .*temperature.*2023-06-01/],
    ['no messages', [request('a', { messages: [] })], /^requests\.0: messages/],
    ['no parameters', [{ custom_id: 'a' }], /^requests\.0: params/],
    ['nothing at all', [null], /^requests\.0: /],
  ])('with %s is refused, and nothing is sent', async (_, requests, message) => {
    let sent = 0
    const client = createClient({ apiKey: 'k', fetch: async () => Response.json(sent++) })
    const call = createBatch(client, { requests: requests as BatchRequest[] })
    await expect(call).rejects.toThrow(ConfigError)
    await expect(call).rejects.toThrow(message)
    expect(sent).toBe(0)
  })

  it('under 2023-06-01 takes a temperature', async () => {
    let body: unknown
    const client = createClient({
      apiKey: 'k',
      apiVersion: '2023-06-01',
      fetch: async (_, init) => {
        body = JSON.parse(String(init?.body))
        return Response.json({})
      },
    })
    await createBatch(client, { requests: [request('a', { temperature: 1 })] })
    expect(body).toEqual({ requests: [request('a', { temperature: 1 })] })
  })

  it('of 100,000 requests is checked in linear time', async () => {
    const client = createClient({ apiKey: 'k', fetch: async () => Response.json({}) })
    const requests = Array.from({ length: 100_000 }, (_, index) => request(`id-${index}`))
    await createBatch(client, { requests })
    requests[99_999] = request('id-0')
    await expect(createBatch(client, { requests })).rejects.toThrow('requests.99999: custom_id id-0 twice')
  })
})
