import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserPage, openPage } from '../../../test/browser.ts'
import { errorBody, type LocalServer, reply, serve } from './serve.ts'

let browser: BrowserPage<typeof import('./browser-page.ts')>
let server: LocalServer

beforeAll(async () => {
  browser = await openPage({ entry: new URL('./browser-page.ts', import.meta.url) })
}, 60_000)
afterEach(() => server.close())
afterAll(() => browser?.close())

const message = { type: 'message', content: [] }

/** A server that lets pages of other origins ask it; what it has received is without their questions whether they may. */
async function serveTo(answer: (response: ServerResponse, attempt: number) => void): Promise<LocalServer> {
  let attempt = 0
  server = await serve((response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    if (response.req.method === 'OPTIONS') response.end()
    else answer(response, attempt++)
  })
  return server
}
const sent = () => server.received.filter(({ method }) => method !== 'OPTIONS')

describe('a client in a browser', { timeout: 30_000 }, () => {
  it('sends its requests with no header that a server would have to give leave for, but those of the API', async () => {
    const { url } = await serveTo((response) => reply(response, 200, message))
    expect(await browser.call('ask', url)).toEqual({ value: message })
    const { headers } = sent()[0]!
    expect(headers).toMatchObject({ 'x-api-key': 'sk-ant-key', 'anthropic-dangerous-direct-browser-access': 'true' })
    expect(headers['user-agent']).toMatch(/^Mozilla/)
    expect(headers).not.toHaveProperty('idempotency-key')
  })

  it('tries again what may succeed then', async () => {
    const { url } = await serveTo((response, attempt) =>
      attempt ? reply(response, 200, message) : reply(response, 529, errorBody('overloaded_error')),
    )
    expect(await browser.call('ask', url)).toEqual({ value: message })
    expect(sent()).toHaveLength(2)
  })

  it.each([0, 1])('follows no redirect after %i answers, and asks once', async (answers) => {
    const { url } = await serveTo((response, attempt) => {
      if (attempt < answers) reply(response, 200, message)
      else response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()
    })
    const outcomes = await browser.call('askTwice', url)
    expect(outcomes[answers]).toMatchObject({ code: 'config', message: expect.stringContaining('redirect') })
    expect(sent()).toHaveLength(2)
  })

  it('uploads to where it is sent, and nowhere else', async () => {
    const { url } = await serveTo((response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end())
    expect(await browser.call('upload', url)).toMatchObject({ code: 'config' })
    expect(sent()).toHaveLength(1)
  })

  it('takes no key of a page that has not said so', async () => {
    await serveTo((response) => response.end())
    expect(await browser.call('withoutLeave')).toMatchObject({
      code: 'config',
      message: expect.stringContaining('dangerouslyAllowBrowser'),
    })
  })
})
