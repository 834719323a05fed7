import { ConfigError } from '../../errors/config-error.ts'
import { multiplexingPool } from './multiplexing-pool.ts'
import type { NodeFetchSettings } from './node-fetch-options.ts'

type Undici = typeof import('undici')

/** Loads undici when the first request is made, so that the rest of this entry works without it. */
export async function openDispatcher(
  settings: NodeFetchSettings,
): Promise<{ undici: Undici; dispatcher: InstanceType<Undici['Agent']> | InstanceType<Undici['EnvHttpProxyAgent']> }> {
  const undici = await loadUndici()
  const { http2, connections = null, proxies, tls, keepAliveTimeoutMs, connectTimeoutMs } = settings
  const connect = { ...tls, allowH2: http2, timeout: connectTimeoutMs }
  const options = {
    allowH2: http2,
    connections,
    ...(http2 ? { factory: multiplexingPool(undici) } : {}),
    // The client has its own limits, and longer ones.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    keepAliveMaxTimeout: Math.max(keepAliveTimeoutMs, 600_000),
    connect,
  }
  if (!proxies) return { undici, dispatcher: new undici.Agent(options) }
  const dispatcher = new undici.EnvHttpProxyAgent({
    ...options,
    // An empty text is none, where undefined would be the environment's.
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
    requestTls: connect,
    proxyTls: { ...tls, timeout: connectTimeoutMs },
  })
  return { undici, dispatcher }
}

// By a statement: bundlers take an import that fails inside of `try` for one that may.
async function loadUndici(): Promise<Undici> {
  try {
    return await import('undici')
  } catch (cause) {
    throw new ConfigError('nodeFetch needs undici: npm install undici@7', { cause })
  }
}
