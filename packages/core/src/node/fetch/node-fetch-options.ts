import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { ConfigError } from '../../errors/config-error.ts'

/** PEM, one or several. */
type PEM = string | Uint8Array | readonly (string | Uint8Array)[]

/** The connections of a `fetch`: how many, over which protocol, through which proxy. */
export interface NodeFetchOptions {
  /**
   * Offers HTTP/2 to hosts with TLS: many requests share a connection, up to 100 or what the host says. A host that does
   * not speak it is spoken to as before. What shares a connection also shares its end: undici 7 drops all that is under way
   * when a host announces (GOAWAY) that it will close one. Default `false`.
   */
  http2?: boolean | undefined
  /**
   * Connections to each host, 1 or more; requests beyond what they carry wait. Default: as many as there are requests. With
   * `http2` a burst opens that many too, for the first is not up yet: set it.
   */
  connections?: number | undefined
  /**
   * A proxy for all requests, as `http://user:password@host:8080`; or `env`: the one that `HTTPS_PROXY` and `HTTP_PROXY`
   * name, the latter also for `https:` where the former is not set, and none for the hosts of `NO_PROXY`. Lower-case names
   * win. They are read once, here. Default: none.
   */
  proxy?: string | undefined
  /** Certificates to trust in place of Node's own, for the host and the proxy. */
  ca?: PEM | undefined
  /** Our own certificate, for a host that asks for one. */
  cert?: PEM | undefined
  /** The private key of `cert`. */
  key?: string | Uint8Array | undefined
  /** How long a connection that carries nothing is kept; a host's `keep-alive` header wins. Default 4,000. */
  keepAliveTimeoutMs?: number | undefined
  /** For connecting, TLS included; `timeoutMs` goes on over it. Default 10,000; 0 means for ever. */
  connectTimeoutMs?: number | undefined
}

/** Options with their defaults, checked. */
export interface NodeFetchSettings {
  readonly http2: boolean
  readonly connections: number | undefined
  readonly proxies: { readonly http: string; readonly https: string; readonly except: string } | undefined
  readonly tls: Record<string, unknown>
  readonly keepAliveTimeoutMs: number
  readonly connectTimeoutMs: number
}

export function readNodeFetchOptions(options: NodeFetchOptions): NodeFetchSettings {
  const { http2 = false, connections, proxy, keepAliveTimeoutMs = 4_000, connectTimeoutMs = 10_000 } = options
  if (typeof http2 !== 'boolean') throw new ConfigError('http2 must be true or false.')
  if (connections !== undefined && !(Number.isInteger(connections) && connections > 0)) {
    throw new ConfigError('connections must be a whole number, 1 or more.')
  }
  if (!(keepAliveTimeoutMs >= 1 && keepAliveTimeoutMs < 2 ** 31)) {
    throw new ConfigError('keepAliveTimeoutMs must be 1 or more, and less than 2 ** 31.')
  }
  if (!(connectTimeoutMs >= 0 && connectTimeoutMs < 2 ** 31)) {
    throw new ConfigError('connectTimeoutMs must be 0 or more, and less than 2 ** 31.')
  }
  return {
    http2,
    connections,
    proxies: readProxies(proxy),
    tls: readTLS(options),
    keepAliveTimeoutMs,
    connectTimeoutMs,
  }
}

function readTLS({ ca, cert, key }: NodeFetchOptions): Record<string, unknown> {
  if ((cert === undefined) !== (key === undefined)) throw new ConfigError('cert and key must be given together.')
  // Without their causes: those may print what could not be read.
  try {
    createSecureContext({ cert, key } as SecureContextOptions)
  } catch {
    throw new ConfigError('cert and key must be PEM, and belong together.')
  }
  try {
    // Node itself would take anything here, and then trust nobody.
    if (ca !== undefined) for (const pem of [ca].flat() as string[]) new X509Certificate(pem)
  } catch {
    throw new ConfigError('ca must be certificates as PEM.')
  }
  return Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined))
}

function readProxies(proxy: string | undefined): NodeFetchSettings['proxies'] {
  if (proxy === undefined) return undefined
  if (proxy !== 'env') {
    const url = proxyURL(proxy, 'proxy')
    return { http: url, https: url, except: '' }
  }
  const [http, https] = (['HTTP_PROXY', 'HTTPS_PROXY'] as const).map((name) => {
    const value = readEnv(name)
    return value && proxyURL(value, name)
  }) as [string, string]
  return { http, https, except: readEnv('NO_PROXY') }
}

function readEnv(name: string): string {
  return process.env[name.toLowerCase()] || process.env[name] || ''
}

/** @throws {ConfigError} without the value, which may hold a password */
function proxyURL(value: string, option: string): string {
  try {
    // In the environment the scheme is often left out.
    const url = new URL(value.includes('://') ? value : `http://${value}`)
    const { protocol, username, password } = url
    for (const part of [username, password]) decodeURIComponent(part)
    // A name alone would not be sent.
    if (/^https?:$/.test(protocol) && !username === !password) return url.href
  } catch {}
  throw new ConfigError(`${option} must be like http://host:8080 or http://user:password@host:8080.`)
}
