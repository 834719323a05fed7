import { ConfigError } from '../../errors/config-error.ts'
import { dispatchRequest } from './dispatch-request.ts'
import { fetchByUndici } from './fetch-by-undici.ts'
import { type NodeFetchOptions, readNodeFetchOptions } from './node-fetch-options.ts'
import { openDispatcher } from './open-dispatcher.ts'
import { proxyError } from './proxy-error.ts'
import { toDirectRequest } from './to-direct-request.ts'

/** A `fetch` that has connections of its own. */
export interface NodeFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Takes no more requests, and closes all connections once those under way are done, bodies included. */
  close(): Promise<void>
  /** Takes no more requests, and closes all connections at once: what is under way fails. */
  destroy(): Promise<void>
  /** As {@link NodeFetch.destroy}: a body that nobody reads would keep `close` waiting for ever. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes a `fetch` for `createClient({ fetch })` on undici, which must be installed beside this package: with HTTP/2, a
 * limit on connections and a proxy. It sets no time limit but for connecting: `timeoutMs` and `idleTimeoutMs` rule, where
 * the platform's `fetch` gives up after 300 s of silence whatever they say.
 *
 * Connections are kept for the next request, yet do not keep the process alive.
 *
 * @throws {ConfigError} an option is not usable. The function it makes throws one too: where undici is not installed, where
 * the proxy refuses us (401, 403, 407), and after its end
 * @see https://undici.nodejs.org
 * @example
 * const fetch = nodeFetch({ http2: true, connections: 4 })
 * const client = createClient({ fetch })
 */
export function nodeFetch(options: NodeFetchOptions = {}): NodeFetch {
  const settings = readNodeFetchOptions(options)
  let opened: ReturnType<typeof openDispatcher> | undefined
  let ended = false

  const call = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    if (ended) throw new ConfigError('fetch is closed: nodeFetch() makes another.')
    opened ??= openDispatcher(settings)
    const { undici, dispatcher } = await opened
    try {
      const direct = toDirectRequest(input, init)
      if (direct) return await dispatchRequest(dispatcher, direct, settings.http2)
      return await fetchByUndici(undici, dispatcher, settings.http2, input, init)
    } catch (error) {
      throw proxyError(error) ?? error
    }
  }
  const end = (how: 'close' | 'destroy') => async () => {
    ended = true
    const dispatcher = (await opened?.catch(() => undefined))?.dispatcher
    // undici takes a second end for a mistake.
    await dispatcher?.[how]().catch(() => {})
  }
  const destroy = end('destroy')
  return Object.assign(call, { close: end('close'), destroy, [Symbol.asyncDispose]: destroy })
}
