import { createClient, type Message, type Outcome } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { streamMessage, tee, toReadableStream } from '../src/index.ts'

let server: MockServer
afterEach(() => server.close())

const params = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hi' }],
}

/** A stream, and what its attempts come to. */
async function setUp(...turns: Turn[]) {
  server = await createMockServer({ script: script(turns) })
  const outcomes: Outcome[] = []
  const client = createClient({
    apiKey: 'k',
    baseURL: server.url,
    retry: { baseDelayMs: 0 },
    middleware: [
      (request, next) => {
        request.onOutcome((outcome) => outcomes.push(outcome))
        return next(request)
      },
    ],
  })
  return { outcomes, stream: streamMessage(client, params) }
}

const text = 'one two three four five six seven eight'

describe('a middleware hears, once for each attempt, of a stream that', () => {
  it('was read to its end', async () => {
    const { stream, outcomes } = await setUp(text)
    const before = performance.now()
    const message = await stream.final()
    expect(outcomes).toEqual([expect.objectContaining({ sent: true, value: message, error: undefined })])
    expect(outcomes[0]!.firstContentAt).toBeGreaterThan(before)
    expect(outcomes[0]!.response?.status).toBe(200)
  })

  it('was read to its last event, whose connection stays open', async () => {
    const { stream, outcomes } = await setUp({ text, stallAfterEvents: Infinity })
    for await (const { type } of stream) if (type === 'message_stop') expect(outcomes).toHaveLength(1)
    expect(outcomes).toEqual([expect.objectContaining({ value: await stream.final(), error: undefined })])
  })

  it('was only passed on, with what it cost', async () => {
    // Not all at once: what comes with the first content is parsed anyhow.
    const { stream, outcomes } = await setUp({ text, eventDelayMs: 5 })
    expect(await new Response(toReadableStream(stream)).text()).toContain('message_stop')
    expect(outcomes).toHaveLength(1)
    expect(outcomes[0]!.error).toBeUndefined()
    expect((outcomes[0]!.value as Message).content).toMatchObject([{ text }])
  })

  it('was aborted, with what had arrived', async () => {
    const { stream, outcomes } = await setUp({ text, tokensPerSecond: 50 })
    for await (const _ of stream.text()) break
    expect(outcomes).toEqual([
      expect.objectContaining({ sent: true, error: expect.objectContaining({ code: 'request_aborted' }) }),
    ])
    const [block] = (outcomes[0]!.value as Message).content
    expect(text.startsWith((block as { text: string }).text)).toBe(true)
  })

  it('was aborted by all who read it', async () => {
    const { stream, outcomes } = await setUp({ text, tokensPerSecond: 50 })
    const [one, two] = tee(stream)
    for await (const _ of one) break
    expect(outcomes).toHaveLength(0)
    for await (const _ of two) break
    expect(outcomes).toHaveLength(1)
  })

  it('broke in the middle', async () => {
    const { stream, outcomes } = await setUp({ text, cutAfterEvents: 4 })
    const error = await stream.final().catch((error) => error)
    expect(error.code).toBe('stream_interrupted')
    expect(outcomes).toEqual([expect.objectContaining({ sent: true, error, value: error.partial })])
  })

  it('was refused, then broke before its content, then went well', async () => {
    const { stream, outcomes } = await setUp({ error: { status: 529 } }, { text, cutAfterEvents: 1 }, text)
    await stream.final()
    expect(outcomes.map(({ error }) => (error as { code?: string })?.code)).toEqual([
      'overloaded',
      'connection',
      undefined,
    ])
    expect(outcomes.map(({ firstContentAt }) => typeof firstContentAt)).toEqual(['undefined', 'undefined', 'number'])
  })
})
