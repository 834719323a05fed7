import type { ClientOptions } from '../client/client.ts'
import { mergeOptions } from '../client/merge-options.ts'
import { ConfigError } from '../errors/config-error.ts'
import { version } from '../version.ts'
import type { Platform } from './platform.ts'

/** What goes for everything but a browser's bundle; it may be in a browser still, loaded without a bundler. */
export const withEnvironment: Platform['withEnvironment'] = (defaults) => {
  const timeout = read('CLAUDE_TIMEOUT')
  return mergeOptions<ClientOptions>(defaults, {
    apiKey: read('ANTHROPIC_API_KEY') ?? read('CLAUDE_API_KEY'),
    authToken: read('ANTHROPIC_AUTH_TOKEN') ?? read('CLAUDE_CODE_OAUTH_TOKEN'),
    baseURL: read('ANTHROPIC_BASE_URL') ?? read('CLAUDE_BASE_URL'),
    timeoutMs: timeout === undefined ? undefined : Number(timeout) * 1000,
  }) as typeof defaults
}

/** A variable of the environment; one that is blank is not set. */
function read(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  try {
    return process?.env?.[name]?.trim() || undefined
  } catch {
    // Deno asks for leave, and may not get it.
    return undefined
  }
}

export const isPage: Platform['isPage'] = () =>
  typeof document === 'object' || typeof (globalThis as { importScripts?: unknown }).importScripts === 'function'

export const callHeaders: Platform['callHeaders'] = (method) => {
  // A browser says who it is by itself, and would ask the server's leave for further headers.
  if (isPage()) return [['anthropic-dangerous-direct-browser-access', 'true']]
  const headers: [string, string][] = [['user-agent', `enjamb/${version}`]]
  // React Native has no such thing.
  const key = method === 'POST' && globalThis.crypto?.randomUUID?.()
  if (key) headers.push(['idempotency-key', key])
  return headers
}

/** Clients whose server has answered by itself. */
const direct = new WeakSet<object>()

/**
 * As long as a redirect might show where it leads, Node's `fetch` holds a second copy of the request beside an answer:
 * the bytes of its body and 8.6 kB, a quarter of what an open stream takes. Not where a redirect is an error; so it is
 * one to whoever has answered without, and is asked for again should there be one after all.
 *
 * @see https://github.com/nodejs/undici/issues/4058
 */
export const fetchDirect: Platform['fetchDirect'] = async (client, given, url, init) => {
  const ask = given ?? fetch
  // A browser's error would not say that it was a redirect, and a fetch that was passed in may know no such mode. An
  // upload may be too large for a copy.
  const isUpload = init.body instanceof FormData
  if (!isPage() && (isUpload || (direct.has(client) && !given))) {
    try {
      return await ask(url, { ...init, redirect: 'error' })
    } catch (error) {
      // Workers refuse the mode itself, by its name.
      const words = `${error}${(error as Error).cause}`
      if (!/redirect/i.test(words)) throw error
      if (isUpload && !/invalid/i.test(words)) throw new ConfigError('baseURL must not redirect.')
    }
  }
  const response = await ask(url, { ...init, redirect: 'manual' })
  if (response.ok) direct.add(client)
  return response
}

let streams: boolean | undefined

export const assertStreams: Platform['assertStreams'] = () => {
  // React Native's fetch has no streams, and neither has its Response.
  streams ??= !!new Response('').body?.getReader
  if (!streams)
    throw new ConfigError('fetch must be one whose bodies stream, as the one of expo/fetch: this platform has none.')
}
