import type { APIHandler } from './api-handler.ts'
import { createMockAPI } from './mock-api.ts'
import { defaults, type MockOptions } from './mock-options.ts'
import { listen } from './server/listen.ts'

export interface MockServerOptions extends MockOptions {
  /** Default: any that is free. */
  port?: number
  /** Compress answers for clients that accept gzip; default `false`. */
  gzip?: boolean
}

/** The Messages API on 127.0.0.1. */
export interface MockServer {
  /** `http://127.0.0.1:…`, without a path: what a client takes as its base URL. */
  readonly url: string
  /** What came in, the oldest first. */
  readonly requests: APIHandler['requests']
  /** What was answered, and what it would have cost. */
  readonly ledger: APIHandler['ledger']
  /** Ends every connection, finished or not. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts a real HTTP server; it needs Node, Bun or Deno. Any key is accepted, a missing one is a 401.
 *
 * @throws {Error} in a browser; where the port is taken
 * @example
 * ```ts
 * const server = await createMockServer({ script: script(['Hello!']) })
 * const client = createClient({ apiKey: 'test', baseURL: server.url })
 * await server.close()
 * ```
 */
export async function createMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const { port = 0, gzip = false, ...rest } = options
  const api = createMockAPI(rest)
  const { maxBodyBytes = defaults.maxBodyBytes } = rest
  const { url, close } = await listen(api.handle, { port, gzip, maxBodyBytes })
  return { url, requests: api.requests, ledger: api.ledger, close }
}
