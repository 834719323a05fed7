import { credentialNames } from '#platform'
import type { Credential } from '../client/client.ts'
import { type HeaderChange, headerChanges, mergeHeaders } from '../client/merge-headers.ts'
import { ConfigError } from '../errors/config-error.ts'
import { rememberSecret } from '../errors/redact.ts'
import type { Call } from './call.ts'

type RequestParts = Pick<Call<unknown>, 'client' | 'spec' | 'options' | 'body' | 'headers'>

/**
 * The headers of one attempt. The caller's own win.
 *
 * @param refresh whether the last credential was refused
 * @throws {ConfigError} there is no credential, or one of the headers is nothing that HTTP can carry
 */
export async function requestHeaders(
  { client, spec, options, body, headers: ofCall }: RequestParts,
  refresh: boolean,
): Promise<Headers> {
  const wanted = new Set([...client.betas, ...(options.betas ?? []), ...(spec.betas ?? [])])
  const changes = [...client.headers, ...headerChanges(options.headers)]
  const own: HeaderChange[] = [
    ['anthropic-version', client.apiVersion],
    // Of a form the platform says the type itself, for it chooses the boundary.
    ['content-type', typeof body === 'string' ? 'application/json' : null],
    ...ofCall,
  ]
  if (!changes.some(([name]) => /^(x-api-key|authorization)$/i.test(name))) {
    const key = await ask(client.apiKey, refresh)
    const secret = key || (await ask(client.authToken, refresh))
    if (!secret) throw new ConfigError(`${credentialNames} must be set.`)
    // An OAuth token that is given as the key works as a token, and only such a token needs the beta.
    const oauth = secret.startsWith('sk-ant-oat')
    if (oauth) wanted.add('oauth-2025-04-20')
    const credential: HeaderChange = key && !oauth ? ['x-api-key', key] : ['authorization', `Bearer ${secret}`]
    // On its own first: an error names what is wrong.
    mergeHeaders([credential], 'apiKey or authToken')
    own.push(credential)
  }
  const headers = mergeHeaders([...own, ...changes], 'headers')
  for (const name of ['x-api-key', 'authorization']) rememberSecret(headers.get(name))
  if (wanted.size) headers.append('anthropic-beta', [...wanted].join())
  return headers
}

function ask(credential: Credential | undefined, refresh: boolean): string | undefined | Promise<string> {
  return typeof credential === 'function' ? credential({ refresh }) : credential
}
