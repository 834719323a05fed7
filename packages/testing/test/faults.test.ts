import Anthropic from '@anthropic-ai/sdk'
import { createParser } from 'eventsource-parser'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createMockServer,
  type MockServer,
  type MockServerOptions,
  mockFetch,
  mockHandlers,
  script,
  type Turn,
} from '../src/index.ts'

const hello = { model: 'claude-opus-4-6', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hello' }] }
const text = 'A text of several words, so that there are some deltas'

let server: MockServer | undefined
afterEach(() => server?.close())

async function start(turns: Turn[], options: MockServerOptions = {}) {
  server = await createMockServer({ ...options, script: script(turns) })
  return new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 0 })
}

async function bytesOf(turn: Turn): Promise<{ body: string; error: unknown }> {
  const fetch = mockFetch({ script: script([turn]), seed: 1 })
  const response = await fetch('http://x/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' },
    body: JSON.stringify({ ...hello, stream: true }),
  })
  let body = ''
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      body += new TextDecoder('latin1').decode(chunk)
    return { body, error: undefined }
  } catch (error) {
    return { body, error }
  }
}

function typesOf(body: string): string[] {
  const types: string[] = []
  createParser({ onEvent: ({ event }) => void types.push(event ?? '') }).feed(body)
  return types
}

describe('a fault', () => {
  it('cuts after a count of events, from either end, or of bytes', async () => {
    const whole = await bytesOf({ text })
    expect(whole.error).toBeUndefined()
    const all = typesOf(whole.body)
    for (const [cutAfterEvents, left] of [
      [0, 0],
      [3, 3],
      [-1, all.length - 1],
      [-2, all.length - 2],
    ] as const) {
      const { body, error } = await bytesOf({ text, cutAfterEvents })
      expect(error).toBeInstanceOf(TypeError)
      expect(typesOf(body)).toEqual(all.slice(0, left))
    }
    for (const cutAfterBytes of [0, 1, 100, whole.body.length - 1]) {
      const { body, error } = await bytesOf({ text, cutAfterBytes })
      expect(error).toBeInstanceOf(TypeError)
      expect(body).toBe(whole.body.slice(0, cutAfterBytes))
    }
  })

  it('puts an error before, amid and after the content', async () => {
    const all = typesOf((await bytesOf({ text })).body)
    for (const [afterEvents, before] of [
      [0, []],
      [5, all.slice(0, 5)],
      [-2, all.slice(0, -2)],
    ] as const) {
      const { body } = await bytesOf({ text, error: { type: 'overloaded_error', afterEvents } })
      expect(typesOf(body)).toEqual([...before, 'error'])
    }
  })

  it('sends events that say nothing, which change nothing', async () => {
    const odd = {
      text,
      thinking: 'Hm, hm.',
      toolCalls: [{ name: 'x', input: { a: 1 } }],
      pingEveryEvents: 2,
      emptyDeltas: true,
    }
    const { body } = await bytesOf(odd)
    expect(typesOf(body).filter((type) => type === 'ping').length).toBeGreaterThan(5)
    expect(body).toMatch(/"text":""} *}/)
    const client = await start([odd])
    expect(await client.messages.stream(hello).finalMessage()).toMatchObject({
      content: [{ thinking: 'Hm, hm.' }, { text }, { input: { a: 1 } }],
    })
  })

  it('corrupts one byte and no other', async () => {
    const [whole, corrupt] = [await bytesOf({ text }), await bytesOf({ text, corruptAtByte: 321 })]
    const differing = [...whole.body].flatMap((char, at) => (char === corrupt.body[at] ? [] : [at]))
    expect(differing).toEqual([321])
  })

  it('sends the same bytes in chunks that fall anywhere', async () => {
    expect((await bytesOf({ text: 'Zürich 🌍', chunkBytes: 1 })).body).toBe((await bytesOf({ text: 'Zürich 🌍' })).body)
    const client = await start([{ text: 'Zürich 🌍', chunkBytes: 1 }])
    expect(await client.messages.stream(hello).finalText()).toBe('Zürich 🌍')
  })

  it('stalls until the client gives up, in streams and in whole bodies', async () => {
    const client = await start([
      { text, stallAfterEvents: 4 },
      { text, stallAfterEvents: 0 },
    ])
    const stream = client.messages.stream(hello)
    stream.once('text', () => setTimeout(() => stream.abort(), 10))
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError)
    await expect(client.messages.create(hello, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
  })

  it('stalls for a while, and goes on', async () => {
    const client = await start([{ text, stallAfterEvents: -1, stallMs: 5 }])
    expect(await client.messages.stream(hello).finalText()).toBe(text)
  })

  it('resets the connection, in all three forms', async () => {
    const client = await start([{ reset: true }])
    await expect(client.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.APIConnectionError)

    const fetch = mockFetch({ script: script([{ reset: true }]) })
    await expect(new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 }).messages.create(hello)).rejects.toBeInstanceOf(
      Anthropic.APIConnectionError,
    )

    const msw = setupServer(...mockHandlers({ script: script([{ reset: true }]) }))
    msw.listen()
    const intercepted = new Anthropic({ apiKey: 'k', maxRetries: 0 })
    await expect(intercepted.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.APIConnectionError)
    msw.close()
  })

  it('sends a body of any kind as it is', async () => {
    const page = { raw: '<html>Bad gateway</html>', status: 502, headers: { 'content-type': 'text/html' } }
    const client = await start([page, { raw: 'event: message_start\ndata: {broken\n\n' }])
    const error = await client.messages.create(hello).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Anthropic.InternalServerError)
    expect(error).toMatchObject({ status: 502 })
    await expect(client.withOptions({ logLevel: 'off' }).messages.stream(hello).finalMessage()).rejects.toThrow()
  })

  it('writes at the pace of a model', async () => {
    const before = performance.now()
    await bytesOf({ text: 'x'.repeat(400), tokensPerSecond: 2000, jitter: 0.5 })
    expect(performance.now() - before).toBeGreaterThan(20)
  })
})

describe('an error that only the body tells', () => {
  const headers = { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' }

  it('is a turn of the script', async () => {
    const fetch = mockFetch({ script: script([{ error: { status: 200, type: 'authentication_error' } }]) })
    const init = { method: 'POST', headers, body: JSON.stringify(hello) }
    const response = await fetch('http://x/v1/messages', init)
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([200, null])
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
    expect(fetch.ledger.answers).toBe(0)
  })

  it.each(['/v1/messages/count_tokens', '/v1/models', '/v1/models/claude-opus-5-5', '/v1/files'])(
    'can come from %s, as any failure can',
    async (path) => {
      const failures = [{ status: 200, type: 'overloaded_error' }, 503, undefined]
      const fetch = mockFetch({ failure: ({ path: asked }) => (asked === path ? failures.shift() : undefined) })
      const { max_tokens, ...prompt } = hello
      const body = path.endsWith('count_tokens') ? { method: 'POST', body: JSON.stringify(prompt) } : {}
      const ask = async () => {
        const response = await fetch(`http://x${path}`, { headers, ...body })
        return [response.status, ((await response.json()) as { error?: { type: string } }).error?.type]
      }
      expect([await ask(), await ask(), await ask()]).toEqual([
        [200, 'overloaded_error'],
        [503, 'api_error'],
        [200, undefined],
      ])
    },
  )
})

it('compresses answers where asked to, and lets each event through at once', async () => {
  const client = await start([{ text, stallAfterEvents: -1 }, 'whole'], { gzip: true })
  const stream = client.messages.stream(hello)
  const seen = new Promise((resolve) => stream.on('text', (_, snapshot) => snapshot === text && resolve(snapshot)))
  expect(await seen).toBe(text)
  expect((await stream.withResponse()).response.headers.get('content-encoding')).toBe('gzip')
  stream.abort()
  await stream.done().catch(() => {})
  expect((await client.messages.create(hello)).content).toMatchObject([{ text: 'whole' }])
})
