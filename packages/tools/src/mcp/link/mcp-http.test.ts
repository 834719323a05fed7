import { buffer } from 'node:stream/consumers'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { call, everythingOverHttp, mcp } from '../../../test/mcp-servers.ts'
import { until } from '../../../test/processes.ts'
import { rpc } from '../../../test/rpc-server.ts'
import { serve } from '../../../test/serve.ts'

describe('with the reference server over HTTP', () => {
  it('calls its tools, reports progress, and starts a new session when the server has lost the old one', async () => {
    const server = await everythingOverHttp()
    const { tools, warnings } = await mcp({ web: { url: server.url } })
    expect((await call(tools, 'mcp__web__echo', { message: 'hello' })).text).toBe('Echo: hello')
    const seen: unknown[] = []
    const operation = { duration: 0.4, steps: 4 }
    await call(tools, 'mcp__web__trigger-long-running-operation', operation, { onProgress: (data) => seen.push(data) })
    expect(seen[0]).toMatchObject({ progress: 1, total: 4 })

    await server.stop()
    expect(await call(tools, 'mcp__web__echo', { message: 'anyone?' })).toMatchObject({ isError: true })
    await server.start()
    expect((await call(tools, 'mcp__web__echo', { message: 'again' })).text).toBe('Echo: again')
    expect(warnings.join()).toContain('Its session is over.')
    expect(tools.servers[0]).toMatchObject({ state: 'connected', error: undefined })
  }, 20_000)

  it('fails a call at once whose answer breaks off, and does not make it again', async () => {
    const server = await everythingOverHttp()
    const { tools } = await mcp({ web: { url: server.url } })
    const started = new Promise<void>((resolve) => {
      const operation = { duration: 60, steps: 600 }
      const name = 'mcp__web__trigger-long-running-operation'
      result = call(tools, name, operation, { onProgress: () => resolve() })
    })
    await started
    await server.stop()
    const { isError, text } = await result
    expect(isError).toBe(true)
    expect(text).toContain('It may have had effects')
  }, 20_000)
  let result: ReturnType<typeof call>
})

describe('with a server that speaks only the newest protocol', () => {
  it('offers its tools and follows their changes', async () => {
    const handler = createMcpHandler(
      () => {
        const server = new McpServer({ name: 'new', version: '1' })
        const input = z.object({ a: z.number() })
        server.registerTool('double', { description: 'Twice a.', inputSchema: input }, ({ a }) => ({
          content: [{ type: 'text', text: String(2 * a) }],
        }))
        return server
      },
      { legacy: 'reject' },
    )
    const { url } = await serve(async (request, response) => {
      const body = await buffer(request)
      const answer = await handler.fetch(
        new Request(`http://localhost${request.url}`, {
          method: request.method!,
          headers: request.headers as { [name: string]: string },
          ...(body.length && { body: new Uint8Array(body) }),
        }),
      )
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      for await (const chunk of answer.body ?? []) response.write(chunk)
      response.end()
    })
    const { tools, names, warnings } = await mcp({ fresh: { url: `${url}/mcp` } })
    expect(names()).toEqual(['mcp__fresh__double'])
    expect(await call(tools, 'mcp__fresh__double', { a: 21 })).toMatchObject({ isError: false, text: '42' })
    expect(warnings).toEqual([])
  })
})

describe('with servers of our own', () => {
  it('sends the headers that it is given with every request, and says goodbye', async () => {
    const server = await rpc(() => undefined, { 'mcp-session-id': 'one' })
    const { tools } = await mcp({ s: { url: server.url, headers: { authorization: 'Bearer secret-token' } } })
    await call(tools, 'mcp__s__go')
    await tools.close()
    expect(server.requests.map(({ method, rpc }) => rpc ?? method)).toEqual([
      'initialize',
      'notifications/initialized',
      'GET',
      'tools/list',
      'tools/call',
      'DELETE',
    ])
    for (const { headers } of server.requests) expect(headers.authorization).toBe('Bearer secret-token')
    expect(server.requests.at(-1)?.headers['mcp-session-id']).toBe('one')
  })

  it('makes a call again in a new session when the server does not know the old one', async () => {
    let session = 0
    let calls = 0
    const server = await rpc(({ method }, request, response) => {
      if (method === 'initialize') response.setHeader('mcp-session-id', `s${++session}`)
      else if (request.headers['mcp-session-id'] !== `s${session}`) {
        response.writeHead(404).end()
        return undefined
      }
      if (method === 'tools/call') calls++
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url } })
    session++
    expect(await call(tools, 'mcp__s__go')).toMatchObject({ isError: false, text: 'done' })
    expect(calls).toBe(1)
  })

  it('gives up when the new session is lost, too', async () => {
    const server = await rpc(
      ({ method }, _, response) => {
        if (method === 'tools/call') response.writeHead(404).end()
        return undefined
      },
      { 'mcp-session-id': 'one' },
    )
    const { tools } = await mcp({ s: { url: server.url } })
    expect((await call(tools, 'mcp__s__go')).text).toContain(
      'The MCP server "s" failed during the call. Its session is over.',
    )
    expect(server.requests.filter(({ rpc }) => rpc === 'tools/call')).toHaveLength(2)
  })

  it('shares a new connection among the calls that wait for it', async () => {
    let session = 0
    const server = await rpc(({ method }, request, response) => {
      if (method === 'initialize') response.setHeader('mcp-session-id', `s${++session}`)
      else if (request.headers['mcp-session-id'] !== `s${session}`) response.writeHead(404).end()
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url } })
    session++
    const results = await Promise.all(Array.from({ length: 5 }, () => call(tools, 'mcp__s__go')))
    expect(results.map(({ text }) => text)).toEqual(Array(5).fill('done'))
    expect(server.requests.filter(({ rpc }) => rpc === 'initialize')).toHaveLength(2)
  })

  it('gives up connecting again when it is closed', async () => {
    let silent = false
    const server = await rpc(
      ({ method }, _, response) => {
        if (method === 'tools/call') response.writeHead(404).end()
        if (silent) response.flushHeaders()
        silent = method === 'tools/call'
        return undefined
      },
      { 'mcp-session-id': 'one' },
    )
    const { tools } = await mcp({ s: { url: server.url } })
    const waiting = call(tools, 'mcp__s__go')
    await until(() => server.requests.filter(({ rpc }) => rpc === 'initialize').length === 2)
    await tools.close()
    expect((await waiting).text).toBe('The tool failed: The MCP server "s" cannot be reached. It was closed.')
  })

  it.each([
    ['401', 401, 'It asks for authorization (401): give it headers or an authProvider.'],
    ['500', 500, 'It answered with status 500: no'],
    ['404', 404, 'It answered with status 404 (is this where it speaks streamable HTTP?): no'],
  ])('says what to do about a %s', async (_, status, error) => {
    const server = await rpc((_request, _raw, response) => {
      response.writeHead(status).end('no')
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url } })
    expect(tools.servers[0]).toMatchObject({ state: 'failed', error })
  })

  it('shows no credential that the server repeats', async () => {
    const server = await rpc((_, request, response) => {
      response.writeHead(400).end(`Not with ${request.headers.authorization} and ${request.url}`)
      return undefined
    })
    const { tools, warnings } = await mcp({
      s: { url: `${server.url}?key=in-the-query`, headers: { authorization: 'Bearer secret-token' } },
    })
    expect(tools.servers[0]?.error).toContain('Not with')
    expect(JSON.stringify([tools.servers, warnings])).not.toMatch(/secret-token|in-the-query/)
  })

  it('never sends credentials where a redirect leads', async () => {
    const other = await rpc(() => undefined)
    const server = await rpc((_request, _raw, response) => {
      response.writeHead(307, { location: other.url }).end()
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url, headers: { authorization: 'Bearer secret-token' } } })
    expect(tools.servers[0]?.state).toBe('failed')
    expect(other.seen).toEqual([])
  })

  it('asks the authProvider for the token of each request', async () => {
    const server = await rpc(() => undefined)
    let asked = 0
    const authProvider = { token: async () => `token-${++asked}` }
    const { tools } = await mcp({ s: { url: server.url, authProvider } })
    await call(tools, 'mcp__s__go')
    expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer token-${asked}`)
    expect(asked).toBeGreaterThan(2)
  })

  it('goes through the fetch that it is given', async () => {
    const server = await rpc(() => undefined)
    const urls: string[] = []
    const { tools } = await mcp({
      s: {
        url: server.url,
        fetch: (url, init) => {
          urls.push(String(url))
          return fetch(url, init)
        },
      },
    })
    await call(tools, 'mcp__s__go')
    expect(urls).toContain(server.url)
  })

  it('gives up a call when the run does, and a server that stays silent', async () => {
    const server = await rpc(({ method }, _, response) => {
      if (method === 'tools/call') response.flushHeaders()
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url }, mute: { url: await mute() } }, { startTimeoutMs: 500 })
    expect(tools.servers[1]).toMatchObject({ state: 'failed', error: 'It was not ready after 500 ms.' })
    const controller = new AbortController()
    const stopped = call(tools, 'mcp__s__go', {}, { signal: controller.signal })
    controller.abort()
    expect((await stopped).text).toContain('Interrupted')
  })

  async function mute() {
    const { url } = await serve(() => {})
    return url
  }
})
