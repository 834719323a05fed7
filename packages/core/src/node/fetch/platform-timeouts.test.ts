import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, fetch as undiciFetch } from 'undici'
import { expect, it } from 'vitest'
import { createClient, createMessage, type MessageParams, RequestTimeoutError } from '../../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

it.each<[string, (response: ServerResponse) => void]>([
  ['HEADERS', () => {}],
  ['BODY', (response) => void response.write('{')],
])('a limit of fetch itself on %s, shorter than timeoutMs, sends nothing again', async (limit, answer) => {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    request.resume()
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // What Node's own has at 300 s.
  const dispatcher = new Agent({ headersTimeout: 50, bodyTimeout: 50 })
  const fetch = (url: string, init: object) => undiciFetch(url, { ...init, dispatcher })
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClient({ apiKey: 'k', baseURL, fetch: fetch as never, retry: { baseDelayMs: 0 } })
  const error = await createMessage(client, params).catch((error) => error)
  await dispatcher.destroy()
  server.closeAllConnections()
  server.close()
  expect(error).toBeInstanceOf(RequestTimeoutError)
  expect(error.message).toContain(`UND_ERR_${limit}_TIMEOUT`)
  expect(error.message).toContain('nodeFetch')
  expect([error.retryable, requests]).toEqual([false, 1])
})
