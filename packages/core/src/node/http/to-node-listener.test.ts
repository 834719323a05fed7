import { once } from 'node:events'
import { get, request } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { serve } from '../../../test/serve-handler.ts'

describe('toNodeListener', () => {
  it('hands on method, address, headers and body, and answers with all there is', async () => {
    const { url } = await serve(async (request) => {
      const headers = new Headers({ 'x-seen': request.headers.get('x-asked') ?? '' })
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      const { pathname, search } = new URL(request.url)
      return new Response(`${request.method} ${pathname}${search} ${await request.text()}`, { status: 201, headers })
    })
    const response = await fetch(`${url}/a%20b?c=d`, { method: 'PUT', body: 'é', headers: { 'x-asked': 'yes' } })
    expect([response.status, response.headers.get('x-seen')]).toEqual([201, 'yes'])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.text()).toBe('PUT /a%20b?c=d é')
    expect(await (await fetch(url)).text()).toBe('GET / ')
  })

  it('reads no further than the client, and stops when it goes away', async () => {
    let pulled = 0
    let aborted = false
    const cancelled = vi.fn()
    const { url } = await serve(async (request) => {
      request.signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Response(
        new ReadableStream({
          pull(controller) {
            pulled++
            controller.enqueue(new Uint8Array(2 ** 16))
          },
          cancel: cancelled,
        }),
      )
    })
    const [response] = await once(get(url), 'response')
    response.destroy()
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce())
    expect(aborted).toBe(true)
    // Without an end it would have filled the memory.
    expect(pulled).toBeLessThan(1_000)
  })

  it('answers with 500 where the handler fails, and cuts off an answer that does', async () => {
    const { url } = await serve(async (request) => {
      if (request.url.endsWith('/late'))
        return new Response(new ReadableStream({ pull: (c) => c.error(new Error('no')) }))
      throw new Error('no')
    })
    expect((await fetch(url)).status).toBe(500)
    await expect(fetch(`${url}/late`).then((response) => response.text())).rejects.toThrow()
  })

  it('answers a request that it has not read, and takes the next one on the same connection', async () => {
    const { url } = await serve(async () => new Response('enough', { status: 413 }))
    for (let n = 0; n < 3; n++) {
      const outgoing = request(url, { method: 'POST' })
      outgoing.end('x'.repeat(100_000))
      const [response] = await once(outgoing, 'response')
      expect(response.statusCode).toBe(413)
      response.resume()
      await once(response, 'end')
    }
  })
})
