import Anthropic from '@anthropic-ai/sdk'
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { createAPIHandler, type MockHandlersOptions, mockFetch, mockHandlers, script } from '../src/index.ts'

const hello = { model: 'claude-opus-4-8', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hello' }] }

async function withHandlers(options: MockHandlersOptions, run: () => Promise<void>) {
  const server = setupServer(...mockHandlers(options))
  server.listen({ onUnhandledRequest: 'error' })
  try {
    await run()
  } finally {
    server.close()
  }
}

describe('mockHandlers', () => {
  it('answers at the address of the API, streaming and not', async () => {
    await withHandlers({ script: script(['One.', 'Two.', { error: 429 }]) }, async () => {
      const client = new Anthropic({ apiKey: 'k', baseURL: 'https://api.anthropic.com', maxRetries: 0 })
      expect((await client.messages.create(hello)).content).toMatchObject([{ text: 'One.' }])
      expect(await client.messages.stream(hello).finalText()).toBe('Two.')
      await expect(client.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.RateLimitError)
    })
  })

  it('answers at another address, behind a path', async () => {
    await withHandlers({ baseURL: 'https://gateway.example/claude/' }, async () => {
      const client = new Anthropic({ apiKey: 'k', baseURL: 'https://gateway.example/claude', maxRetries: 0 })
      expect(await client.messages.stream(hello).finalText()).toBe('You said: Hello')
      await expect(client.messages.create({ ...hello, messages: [] })).rejects.toBeInstanceOf(Anthropic.BadRequestError)
    })
  })

  it('keeps what went through it', async () => {
    const handlers = mockHandlers()
    const server = setupServer(...handlers)
    server.listen()
    await new Anthropic({ apiKey: 'k', maxRetries: 0 }).messages.create(hello)
    server.close()
    expect(handlers.requests).toMatchObject([{ path: '/v1/messages', body: hello }])
    expect(handlers.ledger.answers).toBe(1)
  })

  it('lets the client see a stream that is cut', async () => {
    await withHandlers({ script: script([{ text: 'Cut off in the middle of this', cutAfterEvents: 4 }]) }, async () => {
      const client = new Anthropic({ apiKey: 'k', baseURL: 'https://api.anthropic.com', maxRetries: 0 })
      await expect(client.messages.stream(hello).finalMessage()).rejects.toThrow()
    })
  })
})

describe('mockFetch', () => {
  it('serves a client without any server', async () => {
    const fetch = mockFetch({ script: script([{ error: { status: 529, headers: { 'retry-after-ms': '1' } } }, 'Hi.']) })
    const client = new Anthropic({ apiKey: 'k', baseURL: 'https://anywhere.example', fetch })
    expect(await client.messages.stream(hello).finalText()).toBe('Hi.')
    expect(fetch.requests).toHaveLength(2)
  })

  it('rejects when it is aborted: before, while it waits, and in mid-stream', async () => {
    const fetch = mockFetch({ script: script([{ delayMs: 60_000 }, { text: 'abc', eventDelayMs: 60_000 }]) })
    const init = { method: 'POST', headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' } }
    const url = 'https://api.anthropic.com/v1/messages'
    await expect(fetch(url, { ...init, signal: AbortSignal.abort() })).rejects.toThrow('aborted')

    const waiting = new AbortController()
    const response = fetch(url, { ...init, body: JSON.stringify(hello), signal: waiting.signal })
    waiting.abort()
    await expect(response).rejects.toThrow('aborted')

    const reading = new AbortController()
    const stream = await fetch(url, {
      ...init,
      body: JSON.stringify({ ...hello, stream: true }),
      signal: reading.signal,
    })
    const text = stream.text()
    reading.abort()
    await expect(text).rejects.toThrow('aborted')
  })
})

describe('createAPIHandler', () => {
  it('keeps the latest requests only', async () => {
    const api = createAPIHandler({ maxRecordedRequests: 2 })
    for (const path of ['/a', '/b', '/c']) await api(new Request(`http://x${path}?q=1`))
    expect(api.requests.map(({ path, query }) => [path, query])).toEqual([
      ['/b', { q: '1' }],
      ['/c', { q: '1' }],
    ])
  })
})
