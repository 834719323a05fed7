import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { selfSigned } from '../../../test/self-signed.ts'
import { reply, serve } from '../../../test/serve.ts'
import { type LocalProxy, serveProxy } from '../../../test/serve-proxy.ts'
import { serveHTTP2, serveHTTPS } from '../../../test/serve-tls.ts'
import { ConfigError, createClient, createMessage, errorToJSON, type MessageParams } from '../../index.ts'
import { type NodeFetch, nodeFetch } from './node-fetch.ts'
import type { NodeFetchOptions } from './node-fetch-options.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1' }
const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()])

const fetches: NodeFetch[] = []
const servers: { close(): Promise<void> }[] = []
beforeEach(() => {
  for (const name of names) vi.stubEnv(name, undefined)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const fetch of fetches.splice(0)) await fetch.destroy()
  for (const server of servers.splice(0)) await server.close()
})

async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting
  servers.push(server)
  return server
}

const proxyOf = (statusOf?: Parameters<typeof serveProxy>[0]) => started(serveProxy(statusOf))
const plainTarget = () => started(serve((response) => reply(response, 200, message)))
const secureTarget = () => started(serveHTTPS((_, response) => response.end(JSON.stringify(message))))

function call(baseURL: string, options: NodeFetchOptions, maxRetries = 0) {
  const fetch = nodeFetch(options)
  fetches.push(fetch)
  return createMessage(createClient({ apiKey: 'k', baseURL, fetch, retry: { maxRetries, baseDelayMs: 0 } }), params)
}

const hostOf = (url: string) => new URL(url).host
const asked = (proxy: LocalProxy) => proxy.asked.map(({ to }) => to)

describe('through a proxy', () => {
  it('go requests to a host without TLS', async () => {
    const [proxy, target] = [await proxyOf(), await plainTarget()]
    expect(await call(target.url, { proxy: `http://${proxy.host}` })).toEqual(message)
    expect(asked(proxy)).toEqual([hostOf(target.url)])
    expect(target.received).toHaveLength(1)
  })

  it('go requests to a host with TLS, which the proxy cannot read', async () => {
    const [proxy, target] = [await proxyOf(), await secureTarget()]
    expect(await call(target.url, { proxy: `http://${proxy.host}`, ca: target.ca })).toEqual(message)
    expect(asked(proxy)).toEqual([hostOf(target.url)])
    expect(target.sockets.map(({ authorized, encrypted }) => [authorized, encrypted])).toEqual([[false, true]])
  })

  it('go requests over HTTP/2', async () => {
    const proxy = await proxyOf()
    const target = await started(
      serveHTTP2((stream) => {
        stream.respond({ ':status': 200 })
        stream.end(JSON.stringify(message))
      }),
    )
    const options = { proxy: `http://${proxy.host}`, ca: target.ca, http2: true }
    expect(await call(target.url, options)).toEqual(message)
    expect(target.sockets.map(({ alpnProtocol }) => alpnProtocol)).toEqual(['h2'])
    expect(asked(proxy)).toEqual([hostOf(target.url)])
  })

  it('go requests over TLS to the proxy itself', async () => {
    const { cert, key } = selfSigned()
    const [proxy, target] = [await started(serveProxy(undefined, { cert, key })), await secureTarget()]
    const url = `https://${proxy.host.replace('127.0.0.1', 'localhost')}`
    expect(await call(target.url, { proxy: url, ca: [target.ca, cert] })).toEqual(message)
    expect(asked(proxy)).toEqual([hostOf(target.url)])
    await expect(call(target.url, { proxy: url, ca: target.ca })).rejects.toMatchObject({ code: 'connection' })
  })

  it('no host is believed whose certificate nobody vouches for', async () => {
    const [proxy, target] = [await proxyOf(), await secureTarget()]
    await expect(call(target.url, { proxy: `http://${proxy.host}` })).rejects.toMatchObject({
      code: 'connection',
      message: expect.stringMatching(/SELF_SIGNED_CERT/),
    })
  })

  it('user and password are sent as they are meant', async () => {
    const [proxy, target] = [await proxyOf(), await plainTarget()]
    await call(target.url, { proxy: `http://us%20er:p%40ss%3Aw%C3%B6rd@${proxy.host}` })
    const { authorization = '' } = proxy.asked[0]!
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe('us er:p@ss:wörd')
    expect(target.received[0]!.headers['proxy-authorization']).toBeUndefined()
  })
})

describe('a proxy that refuses', () => {
  it.each([401, 403, 407])('with %i is a wrong option, and not asked again', async (status) => {
    const [proxy, target] = [await proxyOf(() => status), await secureTarget()]
    const error = await call(target.url, { proxy: `http://user:hunter2@${proxy.host}`, ca: target.ca }, 2).catch(
      (error) => error,
    )
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toBe(`proxy must let us through: it answered ${status}.`)
    expect(proxy.asked).toHaveLength(1)
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(errorToJSON(error))).not.toContain('hunter2')
  })

  it('with another status is a lost connection, and asked again', async () => {
    let tunnels = 0
    const [proxy, target] = [await proxyOf(() => (tunnels++ ? 200 : 502)), await plainTarget()]
    expect(await call(target.url, { proxy: `http://${proxy.host}` }, 1)).toEqual(message)
    const dead = await proxyOf(() => 502)
    await expect(call(target.url, { proxy: `http://${dead.host}` })).rejects.toMatchObject({
      code: 'connection',
      message: 'No connection through the proxy: it answered 502.',
    })
  })

  it('to answer at all is waited for as long as timeoutMs says', async () => {
    const [proxy, target] = [await proxyOf(() => 0), await plainTarget()]
    const fetch = nodeFetch({ proxy: `http://${proxy.host}` })
    const client = createClient({ apiKey: 'k', baseURL: target.url, fetch, timeoutMs: 50, retry: { maxRetries: 0 } })
    await expect(createMessage(client, params)).rejects.toMatchObject({ code: 'request_timeout' })
    await fetch.destroy()
  })

  it('by not being there is a lost connection that does not tell its password', async () => {
    const proxy = await serveProxy()
    await proxy.close()
    const target = await plainTarget()
    const error = await call(target.url, { proxy: `http://user:hunter2@${proxy.host}` }).catch((error) => error)
    expect(error).toMatchObject({ code: 'connection', message: expect.stringContaining('ECONNREFUSED') })
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(errorToJSON(error))).not.toContain('hunter2')
    expect(target.received).toHaveLength(0)
  })
})

describe('the environment', () => {
  it('is heeded where it is asked for', async () => {
    const [proxy, target] = [await proxyOf(), await plainTarget()]
    vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`)
    vi.stubEnv('HTTPS_PROXY', `http://${proxy.host}`)
    await call(target.url, {})
    expect(proxy.asked).toHaveLength(0)
    await call(target.url, { proxy: 'env' })
    expect(proxy.asked).toHaveLength(1)
  })

  it('names one proxy for each scheme', async () => {
    const [plain, secure] = [await proxyOf(), await proxyOf()]
    const [plainHost, secureHost] = [await plainTarget(), await secureTarget()]
    // In the environment the scheme is often left out.
    vi.stubEnv('HTTP_PROXY', plain.host)
    vi.stubEnv('HTTPS_PROXY', `http://${secure.host}`)
    await call(plainHost.url, { proxy: 'env' })
    await call(secureHost.url, { proxy: 'env', ca: secureHost.ca })
    expect([asked(plain), asked(secure)]).toEqual([[hostOf(plainHost.url)], [hostOf(secureHost.url)]])
  })

  it('in lower case wins, and the proxy for http serves https where there is no other', async () => {
    const [lower, upper] = [await proxyOf(), await proxyOf()]
    const target = await secureTarget()
    vi.stubEnv('http_proxy', `http://${lower.host}`)
    vi.stubEnv('HTTP_PROXY', `http://${upper.host}`)
    await call(target.url, { proxy: 'env', ca: target.ca })
    expect([lower.asked.length, upper.asked.length]).toEqual([1, 0])
  })

  it.each(['127.0.0.1', 'example.com,127.0.0.1', '*', '127.0.0.1:{port}'])(
    'lets NO_PROXY %s go straight',
    async (except) => {
      const [proxy, target] = [await proxyOf(), await plainTarget()]
      vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`)
      vi.stubEnv('NO_PROXY', except.replace('{port}', new URL(target.url).port))
      expect(await call(target.url, { proxy: 'env' })).toEqual(message)
      expect(proxy.asked).toHaveLength(0)
    },
  )

  it.each(['example.com', '127.0.0.1:1', '27.0.0.1'])('lets NO_PROXY %s change nothing here', async (except) => {
    const [proxy, target] = [await proxyOf(), await plainTarget()]
    vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`)
    vi.stubEnv('NO_PROXY', except)
    await call(target.url, { proxy: 'env' })
    expect(proxy.asked).toHaveLength(1)
  })

  it('does not change a proxy that is named, whatever NO_PROXY says', async () => {
    const [proxy, target] = [await proxyOf(), await plainTarget()]
    vi.stubEnv('NO_PROXY', '*')
    await call(target.url, { proxy: `http://${proxy.host}` })
    expect(proxy.asked).toHaveLength(1)
  })

  it('that says nothing is no proxy', async () => {
    const target = await plainTarget()
    vi.stubEnv('HTTP_PROXY', '')
    expect(await call(target.url, { proxy: 'env' })).toEqual(message)
  })
})

describe('a proxy that is not usable is named without its password', () => {
  const bad = [
    '',
    'http://',
    'socks5://user:hunter2@host',
    'http://user:hunter2@host:99999',
    'http://user:hunter2%zz@host',
    'http://hunter2@host',
    'user:hunter2@host name',
  ]
  it.each(bad)('%s', (proxy) => {
    const form = 'must be like http://host:8080 or http://user:password@host:8080.'
    const check = (options: NodeFetchOptions, name: string) => {
      let error: unknown
      try {
        nodeFetch(options)
      } catch (caught) {
        error = caught
      }
      expect(error).toEqual(new ConfigError(`${name} ${form}`))
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2')
    }
    check({ proxy }, 'proxy')
    if (!proxy) return
    vi.stubEnv('HTTPS_PROXY', proxy)
    check({ proxy: 'env' }, 'HTTPS_PROXY')
  })

  it('and a good one is not printed', () => {
    const fetch = nodeFetch({ proxy: 'http://user:hunter2@host' })
    expect(inspect(createClient({ fetch }), { depth: 9, showHidden: true })).not.toContain('hunter2')
  })
})
