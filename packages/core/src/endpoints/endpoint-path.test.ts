import { afterEach, describe, expect, it } from 'vitest'
import { type LocalServer, reply, serve } from '../../test/serve.ts'
import {
  batchResults,
  type Client,
  ConfigError,
  cancelBatch,
  createClient,
  deleteBatch,
  deleteFile,
  downloadFile,
  retrieveBatch,
  retrieveFile,
  retrieveModel,
} from '../index.ts'

const calls: [string, method: string, path: string, (client: Client, id: string) => Promise<unknown>][] = [
  ['retrieveModel', 'GET', '/v1/models/*', retrieveModel],
  ['retrieveBatch', 'GET', '/v1/messages/batches/*', retrieveBatch],
  ['cancelBatch', 'POST', '/v1/messages/batches/*/cancel', cancelBatch],
  ['deleteBatch', 'DELETE', '/v1/messages/batches/*', deleteBatch],
  ['batchResults', 'GET', '/v1/messages/batches/*/results', (client, id) => batchResults(client, id).next()],
  ['retrieveFile', 'GET', '/v1/files/*', retrieveFile],
  ['downloadFile', 'GET', '/v1/files/*/content', async (client, id) => (await downloadFile(client, id)).text()],
  ['deleteFile', 'DELETE', '/v1/files/*', deleteFile],
]

const hostile = [
  'a/b',
  '../../v1/messages',
  '..\\x',
  '%2e%2e',
  '%2F',
  'a?b=c',
  'a#b',
  'a b',
  ' ',
  '...',
  '.a',
  'a;b',
  '*',
  '$&',
  "$'",
  'ä😀',
  '\n',
  '\0',
  'x'.repeat(2_000),
]

let server: LocalServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

describe.each(calls)('%s', (_, method, path, call) => {
  it('keeps any id in one segment of its path', async () => {
    server = await serve((response) => reply(response, 200, { id: 'x' }))
    const client = createClient({ apiKey: 'k', baseURL: server.url })
    for (const id of hostile) await call(client, id)
    const [before, after] = path.split('*') as [string, string]
    const found = server.received.map((request) => {
      expect(request.method).toBe(method)
      // As any server reads a URL, which also resolves what looks like dots.
      const { pathname, search } = new URL(request.url, 'http://host')
      expect([pathname.startsWith(before), pathname.endsWith(after), search]).toEqual([true, true, ''])
      const segment = pathname.slice(before.length, pathname.length - after.length)
      expect(segment).not.toContain('/')
      return decodeURIComponent(segment)
    })
    expect(found).toEqual(hostile)
  })

  it.each([[''], ['.'], ['..'], ['\ud800'], [undefined], [null], [7], [['x']]])(
    'refuses the id %j',
    async (id: unknown) => {
      let sent = 0
      const client = createClient({ apiKey: 'k', fetch: async () => Response.json(sent++) })
      await expect(call(client, id as string)).rejects.toThrow(ConfigError)
      await expect(call(client, id as string)).rejects.toThrow(/^id must be/)
      expect(sent).toBe(0)
    },
  )
})
