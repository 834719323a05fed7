import { checkClient, isPage, seal } from '#platform'
import { ConfigError } from '../errors/config-error.ts'
import type { Client, ClientOptions } from './client.ts'
import { defaultOptions } from './default-options.ts'
import { headerChanges, mergeHeaders } from './merge-headers.ts'
import { mergeOptions } from './merge-options.ts'
import { mergeRetry } from './retry-options.ts'

/**
 * Makes a client: plain settings, no connection. Nothing is sent until a function such as `createMessage` is called
 * with it.
 *
 * Where both a key and a token are there, what is passed here wins over the environment, and a key over a token; the
 * logger is warned where two were given in the same place.
 *
 * @throws {ConfigError} an option is not usable, or a browser page would hold a credential without
 * `dangerouslyAllowBrowser`
 * @example
 * const client = createClient({ apiKey: 'sk-ant-…' })
 */
export function createClient(options: ClientOptions = {}): Client {
  return withOptions(defaultOptions(), options)
}

/**
 * A client like this one but for some options. Headers are laid over the client's, and single retry settings over its
 * own; every other option replaces what was there.
 *
 * @throws {ConfigError} as {@link createClient}
 * @example
 * const patient = withOptions(client, { timeoutMs: 0, retry: { maxRetries: 10 } })
 */
export function withOptions(base: Client, options: ClientOptions): Client {
  const headers = headerChanges(options.headers)
  const client = mergeOptions<object>(base, options) as { -readonly [K in keyof Client]: Client[K] }
  client.retry = mergeRetry(base.retry, options.retry)
  client.headers = [...base.headers, ...headers]
  client.baseURL = client.baseURL.replace(/(\/v1)?\/*$/, '')
  // What is passed here is meant, even where the environment has the other.
  if (options.apiKey) client.authToken = options.authToken
  else if (options.authToken) client.apiKey = undefined
  const { apiKey, authToken, baseURL } = client
  if (!/^https?:\/\/[^?#@\s]+$/.test(baseURL)) throw new ConfigError('baseURL must be like https://host.')
  if (isPage() && !client.dangerouslyAllowBrowser && (apiKey || authToken)) {
    throw new ConfigError('dangerouslyAllowBrowser must be set for a key in a page: everyone can read it.')
  }
  mergeHeaders(headers, 'headers')
  checkClient(options, client)
  return seal(mergeOptions(client))
}
