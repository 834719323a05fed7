import { ConfigError } from '../../../errors/config-error.ts'
import { version } from '../../../version.ts'
import type { Platform } from '../../platform.ts'
import { isPage } from '../is-page.ts'

let streams: boolean | undefined

export const callHeaders: Platform['callHeaders'] = (client, method, streamed) => {
  if (streamed && !client.fetch) {
    // React Native's fetch is whatwg-fetch, which has no streams and says so, as its Response does. Expo has another beside
    // that Response.
    streams ??= !(fetch as { polyfill?: boolean }).polyfill || !!new Response('').body?.getReader
    if (!streams) {
      throw new ConfigError(
        'fetch must be one whose bodies are streams, such as that of expo/fetch: this platform has none.',
      )
    }
  }
  // A browser says who it is by itself, and would ask the server's leave for further headers.
  if (isPage()) return [['anthropic-dangerous-direct-browser-access', 'true']]
  // React Native has none.
  const key = method === 'POST' ? globalThis.crypto?.randomUUID?.() : undefined
  return [
    ['user-agent', `enjamb/${version}`],
    ['idempotency-key', key ?? null],
  ]
}
