import { setImmediate } from 'node:timers/promises'
import { defineTool } from '@enjamb/tools'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { factsOf, hasShown, isEnd, readUntil, wrongPieces } from '../../test/read-events.ts'
import { serve, serveSessions } from '../../test/serve-sessions.ts'
import { followSession, SessionRequestError } from '../index.ts'

const words = 'One word runs on and on across the line, and then another one. '
const answer = { text: words, eventDelayMs: 1 }
const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object' },
  readOnly: true,
  run: () => 'seen',
})

describe('followSession', () => {
  it('asks, reads what happens, and ends when it is left', async () => {
    const { at, agent } = await serveSessions([{ text: words, stallAfterEvents: -3 }])
    const session = followSession(at)
    const { id } = await session.send('Go.', { id: 'p' })
    const events = await readUntil(session, hasShown(words))
    await session.interrupt()
    events.push(...(await readUntil(session, isEnd)))
    expect(id).toBe('p')
    expect(events[0]).toMatchObject({ type: 'prompt', id: 'p', content: 'Go.', seq: 2 })
    expect(factsOf(events)).toEqual(factsOf(await readUntil(agent.events('s'), isEnd)))
    expect(session.position).toBe(events.at(-1)!.position)
    expect(await session.state()).toMatchObject({ id: 's', status: 'idle', pending: [], usage: expect.anything() })
  })

  it('goes on where its connection broke, whatever byte that is: nothing is missed, and nothing given twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 8 }), async (cuts) => {
        const { at } = await serveSessions(
          [{ text: `I look. ${words}`, toolCalls: [{ name: 'look' }], eventDelayMs: 1 }, answer],
          {},
          { tools: [look] },
        )
        let n = 0
        const cutting = async (...request: Parameters<typeof fetch>) => {
          const response = await fetch(...request)
          if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response
          // The last one stays.
          return n < cuts.length ? new Response(cutAfter(response.body!, cuts[n++]!), response) : response
        }
        const session = followSession(at, { fetch: cutting as typeof fetch, retryMs: 1 })
        await session.send('Go.')
        const events = await readUntil(session, isEnd)
        const whole = factsOf(await readUntil(followSession(at), isEnd))
        expect(factsOf(events)).toEqual(whole)
        expect(n).toBeGreaterThan(0)
        expect(wrongPieces(events)).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it('is tried again where the server is away, and tells of what it refuses', async () => {
    let status = 503
    const { url } = await serve(async () =>
      Response.json({ error: { code: 'closing', message: 'Later.' } }, { status }),
    )
    let tries = 0
    const count = ((...request: Parameters<typeof fetch>) => {
      if (++tries === 2) status = 403
      return fetch(...request)
    }) as typeof fetch
    const session = followSession(`${url}/sessions/s`, { fetch: count, retryMs: 1 })
    const error = await readUntil(session, isEnd).catch((error) => error)
    expect(error).toBeInstanceOf(SessionRequestError)
    expect(error).toMatchObject({ status: 403, reason: 'closing', message: 'Later.', retryable: false })
    expect(tries).toBe(2)
  })

  it('sends a prompt again whose answer was lost, and it is one prompt', async () => {
    const { at, api } = await serveSessions([answer])
    let lost = 0
    const losing = (async (...request: Parameters<typeof fetch>) => {
      const response = await fetch(...request)
      if (response.status === 202 && !lost++) throw new TypeError('fetch failed')
      return response
    }) as typeof fetch
    const session = followSession(at, { fetch: losing })
    await session.send('Go.')
    const events = await readUntil(session, isEnd)
    expect(events.filter(({ type }) => type === 'prompt')).toHaveLength(1)
    expect([lost, api.requests.length]).toEqual([2, 1])
  })

  it('throws where there is no such session, but for one that it is just beginning', async () => {
    const { at } = await serveSessions([answer])
    const error = await readUntil(followSession(at), isEnd).catch((error) => error)
    expect(error).toMatchObject({ code: 'session_request', status: 404, reason: 'session_not_found' })
    const session = followSession(at)
    const sent = session.send('Go.')
    expect((await readUntil(session, isEnd))[0]).toMatchObject({ type: 'prompt' })
    await sent
  })

  it('says so where no server of sessions is', async () => {
    const { url } = await serve(
      async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
    )
    await expect(readUntil(followSession(url), isEnd)).rejects.toThrow('is this the address of a session?')
  })

  it('gives up a connection on which nothing comes', async () => {
    const { at, agent } = await serveSessions([answer], { heartbeatMs: 60_000 })
    await using session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    let connections = 0
    const count = ((...request: Parameters<typeof fetch>) => {
      connections++
      return fetch(...request)
    }) as typeof fetch
    const controller = new AbortController()
    const reading = readUntil(followSession(at, { fetch: count, silenceMs: 5, signal: controller.signal }), () => false)
    await vi.waitFor(() => expect(connections).toBeGreaterThan(2))
    controller.abort()
    expect((await reading).map(({ type }) => type)).toEqual(['prompt', 'reply', 'turn_end'])
  })

  it('ends with its signal, also while it waits', async () => {
    const { at, agent } = await serveSessions([answer])
    await using session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    const controller = new AbortController()
    const reading = readUntil(followSession(at, { signal: controller.signal }), () => false)
    await setImmediate()
    controller.abort()
    await reading
    const events = followSession(at, { after: 99 })[Symbol.asyncIterator]()
    const next = events.next()
    await events.return?.()
    expect(await next).toMatchObject({ done: true })
  })
})

/** A body whose connection breaks after so many bytes. */
function cutAfter(body: ReadableStream<Uint8Array>, bytes: number): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let left = bytes
  return new ReadableStream(
    {
      async pull(controller) {
        const { value } = await reader.read()
        if (!value) return controller.close()
        controller.enqueue(value.subarray(0, left))
        left -= value.length
        if (left > 0) return
        await reader.cancel()
        controller.error(new TypeError('terminated'))
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
