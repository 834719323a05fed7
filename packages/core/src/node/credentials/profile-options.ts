import type { ClientOptions, Credential } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readVariable } from '../../platform/server/read-variable.ts'
import { readCredentials, tokenOf, writeCredentials } from './credentials-file.ts'
import { activeProfile, configFolder, loadProfile, type Profile } from './load-profile.ts'
import type { AccessToken, TokenHost } from './request-token.ts'
import { isFresh, sharedToken } from './shared-token.ts'
import { userToken } from './user-token.ts'
import { exchangeOf, workloadIdentity } from './workload-identity.ts'

/** Which profile of `ant` to read, and from where. */
export interface ProfileSource {
  /**
   * Default: what `ANTHROPIC_PROFILE` names; where it is unset and the environment says a workload identity, that; else the
   * active profile, as `ant` has it.
   */
  readonly profile?: string | undefined
  /** What asks for tokens, as the client's. */
  readonly fetch?: typeof fetch | undefined
}

/** What a profile says of a client. */
export interface ProfileOptions extends Pick<ClientOptions, 'baseURL' | 'fetch'> {
  readonly authToken: Exclude<Credential, string>
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The options of a client that signs in as Anthropic's own tools on this machine do: by a profile of `ant auth login`, or one of
 * a workload identity, from `ANTHROPIC_CONFIG_DIR` or `~/.config/anthropic`. Tokens are renewed before they end, once for all
 * calls, and kept where those tools look for them. Where the profile has a host or a workspace of its own, the options
 * have it, too; `ANTHROPIC_BASE_URL` stands over its host.
 *
 * @throws {ConfigError} there is no such profile, or it cannot be used; the credential rejects with one where its tokens are
 * missing, are open to other users, or have ended for good
 * @example
 * const client = createClient(profileOptions())
 * const other = createClient({ ...profileOptions({ profile: 'work' }), timeoutMs: 60_000 })
 */
export function profileOptions({ profile: asked, fetch }: ProfileSource = {}): ProfileOptions {
  const folder = configFolder()
  const named = asked ?? readVariable('ANTHROPIC_PROFILE')
  const federated = ['ANTHROPIC_FEDERATION_RULE_ID', 'ANTHROPIC_ORGANIZATION_ID'].every(readVariable)
  const identified = ['ANTHROPIC_IDENTITY_TOKEN_FILE', 'ANTHROPIC_IDENTITY_TOKEN'].some(readVariable)
  // Without a file to keep it in: that of another workload would be taken for it.
  if (!named && federated && identified) return { authToken: workloadIdentity({ fetch }), ...(fetch && { fetch }) }
  const name = named ?? activeProfile(folder)
  const profile = loadProfile(folder, name)
  if (!profile) throw new ConfigError(`profile must be one in ${folder}/configs: there is no ${name}.json.`)
  const pinned = readVariable('ANTHROPIC_BASE_URL') ?? readVariable('CLAUDE_BASE_URL')
  const ownHost = pinned ? undefined : profile.base_url
  const workspace = profile.workspace_id ?? readVariable('ANTHROPIC_WORKSPACE_ID')
  return {
    authToken: sharedToken(tokensOf(profile, { baseURL: profile.base_url, fetch })),
    ...(ownHost && { baseURL: ownHost }),
    ...(fetch && { fetch }),
    // The token of a workload is of its workspace already.
    ...(workspace &&
      profile.authentication.type === 'user_oauth' && { headers: { 'anthropic-workspace-id': workspace } }),
  }
}

function tokensOf(profile: Profile, host: TokenHost): (refused: string | undefined) => Promise<AccessToken> {
  const { authentication, credentialsPath, organization_id, workspace_id } = profile
  if (authentication.type === 'user_oauth') {
    return (refused) => userToken(credentialsPath, authentication.client_id, host, refused)
  }
  const { identity_token, federation_rule_id, service_account_id } = authentication
  if (identity_token && (identity_token.source !== 'file' || !identity_token.path))
    throw new ConfigError(
      `The identity_token of the profile ${profile.name} must be of the source "file", with a path.`,
    )
  const exchange = exchangeOf({
    ...host,
    federationRuleId: federation_rule_id || undefined,
    organizationId: organization_id || undefined,
    serviceAccountId: service_account_id || undefined,
    workspaceId: workspace_id || undefined,
    identityTokenFile: identity_token?.path,
  })
  return async (refused) => {
    const before = await readCredentials(credentialsPath)
    const kept = before && tokenOf(before)
    if (kept && kept.token !== refused && isFresh(kept)) return kept
    const { token, expiresAt } = await exchange()
    // To have it at hand the next time is a convenience: what cannot be kept is fetched again.
    const now = { access_token: token, expires_at: Math.floor(expiresAt) }
    await writeCredentials(credentialsPath, before, now).catch(() => {})
    return { token, expiresAt }
  }
}
