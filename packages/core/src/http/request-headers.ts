import type { Client, Credential } from '../client/client.ts'
import { ConfigError } from '../errors/config-error.ts'
import { version } from '../version.ts'
import type { RequestOptions } from './send.ts'

/**
 * The headers of one attempt. The caller's own come last and win.
 *
 * @throws {ConfigError} there is no credential
 */
export async function requestHeaders(client: Client, options: RequestOptions): Promise<Headers> {
  const betas = [...client.betas, ...(options.betas ?? [])]
  const headers = new Headers({ 'content-type': 'application/json', 'anthropic-version': client.apiVersion })
  // A browser says who it is by itself, and would ask the server's leave for this header.
  if (client.browser) headers.set('anthropic-dangerous-direct-browser-access', 'true')
  else headers.set('user-agent', `enjamb/${version}`)
  const own = [...client.headers, ...new Headers(options.headers)]
  if (!own.some(([name]) => name === 'x-api-key' || name === 'authorization')) {
    const [name, value, beta] = await credentialHeader(client)
    headers.set(name, value)
    if (beta) betas.push(beta)
  }
  for (const [name, value] of own) headers.set(name, value)
  if (betas.length) headers.append('anthropic-beta', [...new Set(betas)].join())
  return headers
}

async function credentialHeader(client: Client): Promise<[name: string, value: string, beta?: string | undefined]> {
  const key = await ask(client.apiKey)
  if (key && !key.startsWith('sk-ant-oat')) return ['x-api-key', key]
  const token = key || (await ask(client.authToken))
  if (!token) {
    throw new ConfigError(
      'No credential. Set ANTHROPIC_API_KEY, or pass apiKey or authToken to createClient. Keys: https://platform.claude.com/settings/keys',
    )
  }
  // Only a token of the OAuth kind needs the beta; a gateway's own bearer token goes without.
  return ['authorization', `Bearer ${token}`, token.startsWith('sk-ant-oat') ? 'oauth-2025-04-20' : undefined]
}

async function ask(credential: Credential | undefined): Promise<string | undefined> {
  const value = typeof credential === 'function' ? await credential() : credential
  // A key read from a file ends in a line break; inside one it would be a header of its own, or a puzzling TypeError.
  const trimmed = value?.trim()
  if (trimmed && /[^\x21-\x7e]/.test(trimmed)) {
    throw new ConfigError('The credential contains a space, a line break or a character that no header can carry.')
  }
  return trimmed
}
