import type { Client, Credential } from '../client/client.ts'
import { ConfigError } from '../errors/config-error.ts'
import { mergeHeaders } from './merge-headers.ts'
import type { RequestOptions } from './send.ts'

/**
 * The headers of one attempt. The caller's own win.
 *
 * @throws {ConfigError} there is no credential, or one of the headers is nothing that HTTP can carry
 */
export async function requestHeaders(client: Client, options: RequestOptions): Promise<Headers> {
  let headers = mergeHeaders(client.headers, options.headers, 'headers')
  const betas = client.betas.concat(options.betas ?? [])
  if (!headers.has('x-api-key') && !headers.has('authorization')) {
    const key = await ask(client.apiKey)
    const secret = key || (await ask(client.authToken))
    if (!secret) throw new ConfigError('apiKey, authToken or ANTHROPIC_API_KEY must be set.')
    // An OAuth token that is given as the key works as a token, and only such a token needs the beta.
    const oauth = secret.startsWith('sk-ant-oat')
    if (oauth) betas.push('oauth-2025-04-20')
    const credential = key && !oauth ? { 'x-api-key': key } : { authorization: `Bearer ${secret}` }
    headers = mergeHeaders(headers, credential, 'apiKey or authToken')
  }
  if (betas[0]) headers.append('anthropic-beta', betas.join())
  return headers
}

function ask(credential: Credential | undefined): string | undefined | Promise<string> {
  return typeof credential === 'function' ? credential() : credential
}
