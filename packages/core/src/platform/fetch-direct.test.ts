import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type LocalServer, reply, serve } from '../../test/serve.ts'
import { type ClientOptions, ConfigError, createClient, createMessage, type MessageParams, send } from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const message = { id: 'msg_1' }
const post = { method: 'POST', path: '/v1/messages' }

const servers: LocalServer[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const server of servers.splice(0)) await server.close()
})

async function start(answer: Parameters<typeof serve>[0]): Promise<LocalServer> {
  const server = await serve(answer)
  servers.push(server)
  return server
}

const clientOf = ({ url }: LocalServer, options: ClientOptions = {}) =>
  createClient({ apiKey: 'k', baseURL: url, retry: { maxRetries: 0 }, ...options })

describe('a server that has answered and then redirects', () => {
  it('is asked once more, to say where to, and not followed', async () => {
    const elsewhere = await start((response) => reply(response, 200, message))
    const server = await start((response, attempt) => {
      if (attempt === 0) reply(response, 200, message)
      else response.writeHead(307, { location: `${elsewhere.url}/v1/messages` }).end()
    })
    const client = clientOf(server)
    await createMessage(client, params)
    const error = await createMessage(client, params).catch((error) => error)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain(elsewhere.url)
    expect(server.received).toHaveLength(3)
    expect(elsewhere.received).toHaveLength(0)
  })

  it('is answered the same when it redirects no more', async () => {
    const server = await start((response, attempt) => {
      if (attempt === 1) response.writeHead(302, { location: '/' }).end()
      else reply(response, 200, message)
    })
    const client = clientOf(server)
    await createMessage(client, params)
    expect(await createMessage(client, params)).toEqual(message)
  })
})

it('asks in another way where a worker does not know redirects as errors', async () => {
  const asked: unknown[] = []
  vi.stubGlobal('fetch', async (_: unknown, { redirect }: RequestInit) => {
    asked.push(redirect)
    if (redirect === 'error') throw new TypeError('Invalid redirect value, must be one of "follow" or "manual".')
    return Response.json(message)
  })
  const client = createClient({ apiKey: 'k' })
  for (let call = 0; call < 2; call++) expect(await createMessage(client, params)).toEqual(message)
  expect(asked).toEqual(['manual', 'error', 'manual'])
})

it('tells a connection that fails from one that redirects', async () => {
  const server = await start((response, attempt) => {
    if (attempt === 0) reply(response, 200, message)
    else response.destroy()
  })
  const client = clientOf(server)
  await createMessage(client, params)
  await expect(createMessage(client, params)).rejects.toMatchObject({ code: 'connection' })
  expect(server.received).toHaveLength(2)
})

it('gives a fetch that was passed in nothing but what every fetch knows', async () => {
  const asked: unknown[] = []
  const client = createClient({
    apiKey: 'k',
    fetch: async (_, init) => {
      asked.push(init?.redirect)
      return Response.json(message)
    },
  })
  for (let call = 0; call < 2; call++) await createMessage(client, params)
  expect(asked).toEqual(['manual', 'manual'])
})

it('keeps no copy of what was sent while the answer is open', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const server = await start((response, attempt) => {
    if (attempt === 0) reply(response, 200, message)
    else response.writeHead(200).write('The answer begins')
  })
  const client = clientOf(server)
  await createMessage(client, params)
  const buffers = async () => {
    for (let turn = 0; turn < 3; turn++) {
      collect()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return process.memoryUsage().arrayBuffers
  }
  const before = await buffers()
  const body = { text: 'x'.repeat(8_000_000) }
  const { response } = await send(client, { ...post, stream: true, body }, {}, async (exchange) => exchange)
  expect((await buffers()) - before).toBeLessThan(4_000_000)
  await response.body?.cancel()
})
