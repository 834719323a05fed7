import type { Client, Credential } from '../client/client.ts'
import { ConfigError } from '../errors/config-error.ts'
import { version } from '../version.ts'
import type { RequestOptions } from './send.ts'

/**
 * The headers of one attempt. The caller's own come last and win.
 *
 * @throws {ConfigError} there is no credential, or none that a header can carry
 */
export async function requestHeaders(client: Client, options: RequestOptions): Promise<Headers> {
  const betas = [...client.betas, ...(options.betas ?? [])]
  const headers = new Headers({ 'content-type': 'application/json', 'anthropic-version': client.apiVersion })
  // A browser says who it is by itself, and would ask the server's leave for this header.
  if (client.browser) headers.set('anthropic-dangerous-direct-browser-access', 'true')
  else headers.set('user-agent', `enjamb/${version}`)
  for (const [name, value] of [...client.headers, ...new Headers(options.headers)]) headers.set(name, value)
  if (!headers.has('x-api-key') && !headers.has('authorization')) {
    const key = await ask(client.apiKey)
    const secret = key || (await ask(client.authToken))
    if (!secret) throw new ConfigError('No credential: set ANTHROPIC_API_KEY, or pass apiKey or authToken.')
    // An OAuth token that is given as the key works as a token, and only such a token needs the beta.
    const oauth = secret.startsWith('sk-ant-oat')
    if (oauth) betas.push('oauth-2025-04-20')
    if (key && !oauth) headers.set('x-api-key', key)
    else headers.set('authorization', `Bearer ${secret}`)
  }
  if (betas.length) headers.append('anthropic-beta', betas.join())
  return headers
}

async function ask(credential: Credential | undefined): Promise<string | undefined> {
  // A key read from a file ends in a line break.
  const value = (typeof credential === 'function' ? await credential() : credential)?.trim()
  // Said here, because the platform's own error would print the value.
  if (/[^!-~]/.test(value ?? '')) throw new ConfigError('The credential has characters that no header can carry.')
  return value
}
