import { readFile } from 'node:fs/promises'
import type { Credential } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readVariable } from '../../platform/server/read-variable.ts'
import { type IssuedToken, requestToken, type TokenHost } from './request-token.ts'
import { sharedToken } from './shared-token.ts'

/** Whom a workload's own token is traded for. */
export interface WorkloadIdentityOptions extends TokenHost {
  /** As `fdrl_…`. Default: `ANTHROPIC_FEDERATION_RULE_ID`. */
  readonly federationRuleId?: string | undefined
  /** Default: `ANTHROPIC_ORGANIZATION_ID`. */
  readonly organizationId?: string | undefined
  /** Whom the token acts for, as `svac_…`. Default: `ANTHROPIC_SERVICE_ACCOUNT_ID`, else the rule's. */
  readonly serviceAccountId?: string | undefined
  /** As `wrkspc_…`, or `default`. Default: `ANTHROPIC_WORKSPACE_ID`, else the rule's. */
  readonly workspaceId?: string | undefined
  /** The JWT that says who this is, or a function that fetches one for each exchange, as from a metadata server. */
  readonly identityToken?: string | (() => string | Promise<string>) | undefined
  /**
   * The file that holds it, read for each exchange. Default, where there is no `identityToken`:
   * `ANTHROPIC_IDENTITY_TOKEN_FILE`, then the token in `ANTHROPIC_IDENTITY_TOKEN`.
   */
  readonly identityTokenFile?: string | undefined
}

const longestAssertion = 16 * 1024

/**
 * A credential for {@link ClientOptions.authToken} where no key is kept: the identity that the platform gives this workload
 * (Kubernetes, GitHub Actions, a cloud) is exchanged for a token of the API, which is replaced before it ends. All calls
 * share it. What fails is an {@link AuthenticationError} where the exchange is refused, and retried as any call otherwise.
 *
 * @throws {ConfigError} the rule, the organization or the identity is not said
 * @see https://platform.claude.com/docs/en/manage-claude/workload-identity-federation
 * @example
 * const client = createClient({ authToken: workloadIdentity() }) // all of it from the environment
 */
export function workloadIdentity(options: WorkloadIdentityOptions = {}): Exclude<Credential, string> {
  return sharedToken(exchangeOf(options))
}

/** What exchanges the identity for a token, each time that it is called. */
export function exchangeOf(options: WorkloadIdentityOptions): () => Promise<IssuedToken> {
  const need = (value: string | undefined, option: string, variable: string): string => {
    if (!value) throw new ConfigError(`${option} or ${variable} must be set.`)
    return value
  }
  const { baseURL, fetch, federationRuleId, organizationId, serviceAccountId, workspaceId } = options
  const rule = federationRuleId ?? readVariable('ANTHROPIC_FEDERATION_RULE_ID')
  const organization = organizationId ?? readVariable('ANTHROPIC_ORGANIZATION_ID')
  const grant = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    federation_rule_id: need(rule, 'federationRuleId', 'ANTHROPIC_FEDERATION_RULE_ID'),
    organization_id: need(organization, 'organizationId', 'ANTHROPIC_ORGANIZATION_ID'),
  }
  const account = serviceAccountId ?? readVariable('ANTHROPIC_SERVICE_ACCOUNT_ID')
  const workspace = workspaceId ?? readVariable('ANTHROPIC_WORKSPACE_ID')
  const further = { ...(account && { service_account_id: account }), ...(workspace && { workspace_id: workspace }) }
  const identify = identityOf(options)
  const hint = `Does the federation rule match the identity${workspace ? '' : ', and need a workspaceId'}?`
  return async () => {
    const assertion = (await identify()).trim()
    if (!assertion) throw new ConfigError('identityToken must not be empty.')
    if (assertion.length > longestAssertion) throw new ConfigError('identityToken must be of at most 16 KiB.')
    const betas = 'oauth-2025-04-20,oidc-federation-2026-04-01'
    return requestToken({ baseURL, fetch }, betas, { ...grant, assertion, ...further }, hint)
  }
}

function identityOf(options: WorkloadIdentityOptions): () => string | Promise<string> {
  const { identityToken, identityTokenFile } = options
  if (typeof identityToken === 'function') return identityToken
  if (identityToken) return () => identityToken
  const path = identityTokenFile ?? readVariable('ANTHROPIC_IDENTITY_TOKEN_FILE')
  if (path) {
    return () =>
      readFile(path, 'utf8').catch((error: Error) => {
        throw new ConfigError(`identityTokenFile must be a file that can be read: ${error.message}`)
      })
  }
  const token = readVariable('ANTHROPIC_IDENTITY_TOKEN')
  if (token) return () => token
  throw new ConfigError('identityToken, identityTokenFile or ANTHROPIC_IDENTITY_TOKEN_FILE must be set.')
}
