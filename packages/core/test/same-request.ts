import { expect } from 'vitest'
import type { LocalServer } from './serve.ts'

/** What of a request's headers the API looks at. */
const meant = [
  'anthropic-version',
  'anthropic-beta',
  'authorization',
  'content-type',
  'x-api-key',
  'x-amz-security-token',
]

/**
 * Has two clients ask the same of one server, and holds the requests that arrive to be the same: method, address, body,
 * and the headers that matter.
 */
export async function expectSameRequest(server: LocalServer, ours: () => unknown, theirs: () => unknown) {
  const requests: unknown[] = []
  for (const ask of [ours, theirs]) {
    const before = server.received.length
    await Promise.resolve(ask()).catch(() => {})
    expect(server.received.length, 'requests sent').toBe(before + 1)
    const { method, url, headers, body } = server.received[before]!
    const shown = Object.fromEntries(meant.map((name) => [name, headers[name]]))
    // Who signs covers headers of their own, so that only the terms can be the same.
    shown.authorization = String(shown.authorization).replace(/, SignedHeaders.*/, '')
    requests.push({
      method,
      url: url.replace(/\?beta=true$/, ''),
      headers: shown,
      body: { stream: false, ...(body as object) },
    })
  }
  expect(requests[0]).toEqual(requests[1])
}
