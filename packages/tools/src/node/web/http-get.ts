import type { LookupAddress, LookupOptions } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'

/** How a host name becomes addresses: `lookup` of `node:dns`, or one that takes the same and gives all of them. */
export type Lookup = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export interface GetOptions {
  headers: { [name: string]: string }
  signal: AbortSignal
  lookup: Lookup
  /** May this IP address be connected to? */
  isAllowed(address: string): boolean
}

/**
 * Makes one GET request, on a connection of its own, following no redirects. The addresses that are checked are the
 * ones that are connected to: the name is looked up once, so an answer that changes between two look-ups gets nobody
 * inside.
 *
 * @throws {Error} for the model: the address is not allowed, or nobody answers there
 */
export function httpGet(url: URL, { headers, signal, lookup, isAllowed }: GetOptions): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const refused = () => new Error(`${url.hostname} is not a public address, and is not reached.`)
  // What is written as an address is not looked up, so nobody would check it later.
  if (isIP(host) && !isAllowed(host)) return Promise.reject(refused())

  const checked: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0]
      if (error || !first) return callback(error ?? new Error('The name has no address.'), '')
      // One of many is enough to refuse, since any of them may be connected to.
      if (!addresses.every(({ address }) => isAllowed(address))) return callback(refused(), '')
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp
    const sent = request(url, { headers, signal, lookup: checked, agent: false }, resolve)
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const known = error.code && error.name !== 'AbortError'
      reject(known ? new Error(`${url.host} cannot be reached (${error.code}).`, { cause: error }) : error)
    })
    // A server that changes the protocol gives neither an answer nor an error.
    sent.on('close', () => reject(new Error(`${url.host} gives no answer.`)))
    sent.end()
  })
}
