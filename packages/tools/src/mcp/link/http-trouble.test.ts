import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { call, freePort, mcp } from '../../../test/mcp-servers.ts'
import { until } from '../../../test/processes.ts'
import { rpc } from '../../../test/rpc-server.ts'

const eventStream = { 'content-type': 'text/event-stream' }
const session = { 'mcp-session-id': 'one' }

/** Writes for ever, as fast as it is read. */
const flood = (response: ServerResponse, char: string) => {
  const mega = Buffer.alloc(1 << 20, char)
  const go = () => {
    while (!response.destroyed && response.write(mega));
    response.once('drain', go)
  }
  go()
}

describe('a call over HTTP', () => {
  it.each([
    [
      'JSON',
      200,
      { 'content-type': 'application/json' },
      'failed during the call. Its answer has more than 10485760 bytes.',
    ],
    [
      'an event',
      200,
      eventStream,
      'failed during the call. The answer broke off. Its answer has more than 10485760 bytes.',
    ],
    ['an error', 500, {}, 'failed during the call. It answered with status 500.'],
  ])('fails where %s goes on and on', async (_, status, headers, error) => {
    const server = await rpc(({ method }, _, response) => {
      if (method === 'tools/call') flood(response.writeHead(status, headers), headers === eventStream ? 'x' : '\n')
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url } })
    expect((await call(tools, 'mcp__s__go')).text).toContain(error)
  })

  it.each(['\n', '\r\n'])(
    'may have any number of events before it ends, with %j at the end of lines',
    async (newline) => {
      const event = `data: {"jsonrpc":"2.0","method":"x","params":{"a":"${'x'.repeat(4 << 20)}"}}${newline}${newline}`
      const server = await rpc(({ method, id }, _, response) => {
        if (method !== 'tools/call') return undefined
        response.writeHead(200, eventStream)
        for (let i = 0; i < 4; i++) response.write(event)
        const result = { content: [{ type: 'text', text: 'done' }] }
        response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}${newline}${newline}`)
        return undefined
      })
      const { tools } = await mcp({ s: { url: server.url } })
      expect((await call(tools, 'mcp__s__go')).text).toBe('done')
    },
  )

  it('lets go of its connection when it is given up', async () => {
    let isGone = false
    const server = await rpc(({ method }, _, response) => {
      if (method !== 'tools/call') return undefined
      response.writeHead(200, eventStream).write(': I am working\n\n')
      response.once('close', () => {
        isGone = true
      })
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url, timeoutMs: 100 } })
    expect((await call(tools, 'mcp__s__go')).text).toContain('Stopped after 100 ms.')
    await until(() => isGone)
    expect(server.requests.map(({ rpc }) => rpc)).toContain('notifications/cancelled')
    expect(tools.servers[0]?.state).toBe('connected')
  })

  it.each([
    [403, 'It answered with status 403: no.', false],
    [429, 'It answered with status 429: no.', false],
    [500, 'It answered with status 500: no.', true],
    [504, 'It answered with status 504: no.', true],
  ])('says if it may have had effects when the answer is a %i', async (status, why, mayHave) => {
    const server = await rpc(({ method }, _, response) => {
      if (method === 'tools/call') response.writeHead(status).end('no')
      return undefined
    }, session)
    const { tools } = await mcp({ s: { url: server.url } })
    const { text } = await call(tools, 'mcp__s__go')
    expect(text).toContain(`The MCP server "s" failed during the call. ${why}`)
    expect(text.includes('It may have had effects')).toBe(mayHave)
    expect(server.requests.filter(({ rpc }) => rpc === 'tools/call')).toHaveLength(1)
  })

  it('is not made again where it was refused, though it could be', async () => {
    const annotations = { idempotentHint: true }
    const server = await rpc(({ method }, _, response) => {
      if (method === 'tools/list') return { tools: [{ name: 'go', inputSchema: {}, annotations }] }
      if (method === 'tools/call') response.writeHead(403).end()
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url, trustAnnotations: true } })
    expect((await call(tools, 'mcp__s__go')).text).toContain('status 403')
    expect(server.requests.filter(({ rpc }) => rpc === 'tools/call')).toHaveLength(1)
  })

  it('has had no effects where there is nobody to take it', async () => {
    const server = await rpc(() => undefined)
    const { tools } = await mcp({
      s: { url: server.url, fetch: (url, init) => fetch(isDown ? nowhere : url, init) },
    })
    const nowhere = `http://127.0.0.1:${await freePort()}`
    isDown = true
    expect((await call(tools, 'mcp__s__go')).text).toBe(
      'The tool failed: The MCP server "s" failed during the call. fetch failed: ECONNREFUSED.',
    )
    isDown = false
    expect((await call(tools, 'mcp__s__go')).text).toBe('done')
  })
  let isDown = false

  it('that finds its session over does not end the next one', async () => {
    let sessions = 0
    const late: (() => void)[] = []
    const server = await rpc(({ method }, request, response) => {
      if (method === 'initialize') response.setHeader('mcp-session-id', `s${++sessions}`)
      if (method !== 'tools/call' || request.headers['mcp-session-id'] !== 's1') return undefined
      late.push(() => response.writeHead(404).end())
      return null
    })
    const { tools, warnings } = await mcp({ s: { url: server.url } })
    const calls = [call(tools, 'mcp__s__go'), call(tools, 'mcp__s__go')]
    await until(() => late.length === 2)
    late[0]?.()
    await Promise.race(calls)
    late[1]?.()
    for (const { text } of await Promise.all(calls)) expect(text).toBe('done')
    expect(sessions).toBe(2)
    expect(warnings).toHaveLength(1)
  })

  it('is made again in a new session when the server says that the old one is gone for good', async () => {
    let calls = 0
    const server = await rpc(({ method }, _, response) => {
      if (method === 'tools/call' && !calls++) response.writeHead(410).end('Gone')
      return undefined
    }, session)
    const { tools } = await mcp({ s: { url: server.url } })
    expect((await call(tools, 'mcp__s__go')).text).toBe('done')
    expect(server.requests.filter(({ rpc }) => rpc === 'initialize')).toHaveLength(2)
  })

  it('is made again in a new session when the server says with an error of its own that it does not know the old one', async () => {
    let calls = 0
    const server = await rpc(({ method, id }, _, response) => {
      if (method === 'tools/call' && !calls++) {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_001, message: 'Session not found' } }))
      }
      return undefined
    }, session)
    const { tools } = await mcp({ s: { url: server.url } })
    expect((await call(tools, 'mcp__s__go')).text).toBe('done')
  })

  it('keeps its session when it is refused for something else', async () => {
    const server = await rpc(({ method }, _, response) => {
      if (method === 'tools/call') response.writeHead(400).end('a is missing')
      return undefined
    }, session)
    const { tools } = await mcp({ s: { url: server.url } })
    expect((await call(tools, 'mcp__s__go')).text).toContain('It answered with status 400: a is missing.')
    expect(server.requests.filter(({ rpc }) => rpc === 'initialize')).toHaveLength(1)
  })

  it.each(['Bad Request: No valid session ID provided', 'Bad Request: Server not initialized'])(
    'is made again in a new session when the server says "%s"',
    async (words) => {
      let calls = 0
      const server = await rpc(({ method }, _, response) => {
        if (method === 'tools/call' && !calls++) response.writeHead(400).end(words)
        return undefined
      }, session)
      const { tools } = await mcp({ s: { url: server.url } })
      expect((await call(tools, 'mcp__s__go')).text).toBe('done')
      expect(server.requests.filter(({ rpc }) => rpc === 'initialize')).toHaveLength(2)
    },
  )
})

describe('the stream of what a server tells of its own accord', () => {
  it.each([1, 1e12])('is not asked for again and again, however often the server ends it: retry %d', async (retry) => {
    let asked = 0
    const server = await rpc(
      () => undefined,
      {},
      (_, response) => {
        asked++
        response.writeHead(200, eventStream).end(`retry: ${retry}\n\n`)
      },
    )
    await mcp({ s: { url: server.url } })
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(asked).toBeLessThan(4)
  })

  it('is not waited for when the list is closed, however long the server wants that', async () => {
    const server = await rpc(
      ({ method }, _, response) => {
        if (method === 'tools/call') response.writeHead(200, eventStream).end('id: 1\nretry: 60000\ndata:\n\n')
        return undefined
      },
      {},
      (_, response) => response.writeHead(200, eventStream).end('retry: 60000\n\n'),
    )
    const { tools } = await mcp({ s: { url: server.url } })
    const waiting = [call(tools, 'mcp__s__go'), call(tools, 'mcp__s__go')]
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    await until(() => timers() > before)
    await tools.close()
    for (const { text } of await Promise.all(waiting)) expect(text).toContain('It was closed. It may have had effects')
    // Any timer that is left is found by test/setup.ts.
  })
})

describe('a list of tools', () => {
  const tool = (name: string) => ({ name, inputSchema: {} })
  const initialized = {
    protocolVersion: '2025-06-18',
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'own', version: '1' },
  }

  /** A server whose lists change: `answer` is told how often it has been asked the same in the session. */
  async function changing(answer: (method: string, session: string, times: number) => object | 'later' | 404) {
    const seen: string[] = []
    const count = (what: string) => seen.push(what) && seen.filter((one) => one === what).length
    const late: ((result: object) => void)[] = []
    const streams: ServerResponse[] = []
    const server = await rpc(
      ({ method, id }, request, response) => {
        const session = String(request.headers['mcp-session-id'] ?? `s${count('session')}`)
        if (method === 'initialize') {
          response.setHeader('mcp-session-id', session)
          return initialized
        }
        const result = answer(method, session, count(method + session))
        if (typeof result === 'object') return result
        if (result === 404) return void response.writeHead(404).end()
        late.push((later) => {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(JSON.stringify({ jsonrpc: '2.0', id, result: later }))
        })
        return null
      },
      {},
      (_, response) => {
        streams.push(response)
        response.writeHead(200, eventStream).flushHeaders()
      },
    )
    const tell = () => streams[0]?.write('data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n')
    return { url: server.url, late, tell, lists: () => seen.filter((one) => one.startsWith('tools/list')).length }
  }

  it('of a session that is over does not take the place of the new one', async () => {
    const server = await changing((method, session, times) => {
      if (session !== 's1') return { tools: [tool('go'), tool('new')], content: [] }
      if (times === 1 && method === 'tools/list') return { tools: [tool('go')] }
      // The first call keeps the old session open.
      return times === 1 || method === 'tools/list' ? 'later' : 404
    })
    const { tools, names } = await mcp({ s: { url: server.url } })
    const slow = call(tools, 'mcp__s__go')
    server.tell()
    await until(() => server.late.length === 2)
    await call(tools, 'mcp__s__go')
    expect(names()).toEqual(['mcp__s__go', 'mcp__s__new'])
    for (const answer of server.late.reverse()) answer({ tools: [tool('old')], content: [] })
    await slow
    expect(names()).toEqual(['mcp__s__go', 'mcp__s__new'])
  })

  it('is not asked for where the server says that it has none', async () => {
    const server = await rpc(({ method }) =>
      method === 'initialize' ? { ...initialized, capabilities: { prompts: {} } } : undefined,
    )
    const { tools, names } = await mcp({ s: { url: server.url } })
    expect(tools.servers[0]?.state).toBe('connected')
    expect(names()).toEqual([])
    expect(server.requests.map(({ rpc }) => rpc)).not.toContain('tools/list')
  })

  it('is warned of once for each tool that it has and that cannot be used', async () => {
    const server = await changing((_method, _session, times) => ({
      tools: [tool(`t${times}`), { name: 'bad', inputSchema: 3 }],
    }))
    const { names, warnings } = await mcp({ s: { url: server.url } })
    server.tell()
    await until(() => names()[0] === 'mcp__s__t2')
    expect(warnings).toEqual(['MCP server "s": its tool "bad" is left out: its input schema is not one of an object'])
  })

  it('that comes after a later one is not taken', async () => {
    const server = await changing((_method, _session, times) =>
      times === 2 ? 'later' : { tools: [tool(`t${times}`)] },
    )
    const { names } = await mcp({ s: { url: server.url } })
    server.tell()
    await until(() => server.lists() === 2)
    server.tell()
    await until(() => names()[0] === 'mcp__s__t3')
    server.late[0]?.({ tools: [tool('t2')] })
    // Time for it to come.
    server.tell()
    await until(() => names()[0] !== 'mcp__s__t3')
    expect(names()).toEqual(['mcp__s__t4'])
  })
})

describe('what goes wrong over HTTP', () => {
  it('is not that there is no body', async () => {
    const server = await rpc(() => undefined)
    const { tools } = await mcp({
      s: {
        url: server.url,
        fetch: async (url, init) => {
          const response = await fetch(url, init)
          return response.status === 202 ? new Response(null, { status: 204 }) : response
        },
      },
    })
    expect((await call(tools, 'mcp__s__go')).text).toBe('done')
  })

  it('is over in time, too, where a server does not take what it need not answer', async () => {
    const server = await rpc(() => undefined)
    const { tools } = await mcp(
      {
        s: {
          url: server.url,
          fetch: (url, init) => {
            if (!String(init?.body).includes('notifications/initialized')) return fetch(url, init)
            return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('late'))))
          },
        },
      },
      { startTimeoutMs: 300 },
    )
    expect(tools.servers[0]).toMatchObject({ state: 'failed', error: 'It was not ready after 300 ms.' })
  })

  it('does not keep the list of tools from being closed', async () => {
    const server = await rpc(() => undefined, session)
    const silent = new Promise<Response>(() => {})
    const { tools } = await mcp({
      s: { url: server.url, fetch: (url, init) => (init?.method === 'DELETE' ? silent : fetch(url, init)) },
    })
    await tools.close()
    expect(tools.servers[0]?.state).toBe('closed')
  })

  it('shows no credential in the result of a call', async () => {
    const headers = { authorization: 'Bearer secret-token' }
    const server = await rpc(({ method }, request, response) => {
      if (method === 'tools/call') response.writeHead(403).end(`Not with ${request.headers.authorization}`)
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url, headers } })
    expect((await call(tools, 'mcp__s__go')).text).toContain('It answered with status 403: Not with ….')
  })

  it('shows no token that an authProvider has got, in the result of a call neither', async () => {
    const server = await rpc(({ method }, request) => {
      const text = `You are ${request.headers.authorization}`
      return method === 'tools/call' ? { content: [{ type: 'text', text }] } : undefined
    })
    const authProvider = { token: async () => 'secret-token' }
    const { tools } = await mcp({ s: { url: server.url, authProvider } })
    expect((await call(tools, 'mcp__s__go')).text).toBe('You are …')
  })

  it('shows neither the user nor the password of a URL', async () => {
    const { tools, warnings } = await mcp({ s: { url: 'http://nobody-known:hunter22@127.0.0.1/mcp' } })
    expect(tools.servers[0]?.error).toContain('includes credentials')
    expect(JSON.stringify([tools.servers, warnings])).not.toMatch(/hunter22|nobody-known/)
  })

  it('is told without what a schema finds wrong in each of its lines', async () => {
    const server = await rpc((_request, _raw, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":1}')
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url } })
    expect(tools.servers[0]?.error).toMatch(/^It answered with something else than MCP\. \[ \{ "code".{1,500}$/)
  })
})
