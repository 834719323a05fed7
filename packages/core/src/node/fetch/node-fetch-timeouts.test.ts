import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { nodeFetch } from './node-fetch.ts'

// A file of its own: undici takes its clock when it is loaded, and here that is a fake one.
it('no limit of undici ends the wait for headers or inside a body', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const waiting: ServerResponse[] = []
  let tell!: () => void
  const all = new Promise<void>((resolve) => {
    tell = resolve
  })
  const server = createServer((request, response) => {
    if (request.url === '/body') response.write('it is ')
    if (waiting.push(response) === 4) tell()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const undici = await import('undici')
  const dispatcher = new undici.Agent()
  const theirs = (path: string) => undici.fetch(url + path, { dispatcher })
  const ours = nodeFetch()
  const bodies = [await theirs('/body'), await ours(`${url}/body`)].map((response) => response.text())
  const headers = [theirs('/'), ours(url)].map(async (response) => (await response).text())
  const results = [...headers, ...bodies].map((text) => text.catch((error) => error.cause.code))
  await all
  for (let minute = 0; minute < 30; minute++) await vi.advanceTimersByTimeAsync(60_000)
  // Without these two the test would show nothing.
  expect([await results[0], await results[2]]).toEqual(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
  for (const response of waiting) response.end('late')
  expect([await results[1], await results[3]]).toEqual(['late', 'it is late'])
  await ours.destroy()
  await dispatcher.destroy()
  vi.useRealTimers()
  server.closeAllConnections()
  server.close()
})
