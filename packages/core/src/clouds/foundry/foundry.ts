import type { Credential } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readVariable } from '../../platform/server/read-variable.ts'
import { cloudFetch } from '../cloud-fetch.ts'
import type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'

export interface FoundryOptions extends CloudOptions {
  /** The Foundry resource, which is part of the address. Default: `ANTHROPIC_FOUNDRY_RESOURCE`. */
  resource?: string | undefined
  /** Instead of `resource`: the address up to `/anthropic`. Default: `ANTHROPIC_FOUNDRY_BASE_URL`. */
  baseURL?: string | undefined
  /** A key of the resource. Default: `ANTHROPIC_FOUNDRY_API_KEY`, where there is no `authToken`. */
  apiKey?: Credential | undefined
  /** A Microsoft Entra token, as `getBearerTokenProvider` of `@azure/identity` gives them. */
  authToken?: Credential | undefined
}

/**
 * Claude in Microsoft Foundry: the client options for it. Models are called by the names of their deployments; they cost
 * what they cost at the API.
 *
 * Batches and models are not to be had there, and throw a `ConfigError` before anything is sent.
 *
 * @throws {ConfigError} there is neither `resource` nor `baseURL`, or no credential
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry
 * @example
 * const client = createClient(foundry({ resource: 'my-resource', apiKey: '…' }))
 */
export function foundry(options: FoundryOptions = {}): CloudClientOptions {
  const { authToken, apiKey = authToken ? undefined : readVariable('ANTHROPIC_FOUNDRY_API_KEY') } = options
  if (!apiKey && !authToken) throw new ConfigError('apiKey, authToken or ANTHROPIC_FOUNDRY_API_KEY must be set.')
  if (apiKey && authToken) throw new ConfigError('Only one of apiKey and authToken may be set.')
  return {
    baseURL: addressOf(options),
    ...(apiKey ? { apiKey } : { authToken: authToken! }),
    fetch: cloudFetch(
      { name: 'Microsoft Foundry', serves: /^\/v1\/(messages(\/count_tokens)?$|files)/, requestId: 'apim-request-id' },
      options.fetch,
    ),
  }
}

function addressOf({ resource, baseURL }: FoundryOptions): string {
  const address = baseURL ?? (resource ? undefined : readVariable('ANTHROPIC_FOUNDRY_BASE_URL'))
  const name = resource ?? (address ? undefined : readVariable('ANTHROPIC_FOUNDRY_RESOURCE'))
  if (address && name) throw new ConfigError('Only one of resource and baseURL may be set.')
  if (address) return address
  if (!name || !/^[\w-]+$/.test(name)) throw new ConfigError('resource must be the name of a Foundry resource.')
  return `https://${name}.services.ai.azure.com/anthropic`
}
