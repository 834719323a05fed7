import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserPage, openPage } from '../../../test/browser.ts'

let browser: BrowserPage<typeof import('./browser-page.ts')>
let server: MockServer | undefined

beforeAll(async () => {
  browser = await openPage({ entry: new URL('./browser-page.ts', import.meta.url) })
}, 60_000)
afterEach(() => server?.close())
afterAll(() => browser?.close())

async function serve(...turns: Turn[]): Promise<string> {
  server = await createMockServer({ script: script(turns) })
  return server.url
}

describe('a stream in a browser', { timeout: 30_000 }, () => {
  it('gives its text in pieces, and the message', async () => {
    const text = 'Ein Vers, der nicht endet, wo die Zeile endet: 🚂…'
    const url = await serve({ text, chunkBytes: 7 })
    const { texts, message, requestId } = await browser.call('read', url)
    expect(texts.join('')).toBe(text)
    expect(texts.length).toBeGreaterThan(3)
    expect(message).toMatchObject({ content: [{ type: 'text', text }], stop_reason: 'end_turn' })
    expect(requestId).toBe(server?.requests[0]?.requestId)
    expect(server?.requests[0]?.headers).toHaveProperty('origin', browser.url)
  })

  it('retries what comes before any content', async () => {
    const url = await serve({ error: { status: 529, headers: { 'retry-after-ms': '1' } } }, 'After all.')
    expect((await browser.call('read', url)).texts.join('')).toBe('After all.')
    expect(server?.requests).toHaveLength(2)
  })

  it('ends at once when it is aborted, with what had arrived', async () => {
    const url = await serve({ text: 'slowly '.repeat(20), stallAfterEvents: 6 })
    const error = await browser.call('abortEarly', url)
    expect(error).toMatchObject({ code: 'request_aborted', partial: expect.stringMatching(/^slow/), cause: 'enough' })
  })

  it('throws what an error event says, with what had arrived', async () => {
    const url = await serve({ text: 'Half of it, and then no more', error: { status: 529, afterEvents: 6 } })
    const error = await browser.call('fail', url)
    expect(error).toMatchObject({ code: 'overloaded', partial: expect.stringMatching(/^Half/) })
  })

  it('says that it was cut', async () => {
    // A browser may drop what it has not handed over when the connection breaks: time for it, and as many attempts as it takes.
    const cut = { text: 'Half of it, and then no more', eventDelayMs: 50, cutAfterEvents: 6 }
    const url = await serve({ times: Infinity, reply: cut })
    const error = await browser.call('fail', url)
    expect(error).toMatchObject({ code: 'stream_interrupted', partial: expect.stringMatching(/^Half/) })
  })

  it('is relayed as the bytes that came', async () => {
    const url = await serve({ thinking: 'Hm.', text: 'Passed on.', toolCalls: [{ name: 'look', input: { at: 'it' } }] })
    expect(await browser.call('relay', url)).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Passed on.' },
        { type: 'tool_use', name: 'look', input: { at: 'it' } },
      ],
    })
  })

  it('has two readers after tee, on one request', async () => {
    const url = await serve('For both of you.')
    const { text, message } = await browser.call('readTwice', url)
    expect(text).toBe('For both of you.')
    expect(message.content).toMatchObject([{ text: 'For both of you.' }])
    expect(server?.requests).toHaveLength(1)
  })
})
