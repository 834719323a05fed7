import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '../../errors/config-error.ts'
import { readVariable } from '../../platform/server/read-variable.ts'

/** A profile of Anthropic's tools, as its file has it. */
export interface Profile {
  readonly name: string
  readonly authentication: ProfileAuthentication
  readonly base_url?: string | undefined
  readonly organization_id?: string | undefined
  readonly workspace_id?: string | undefined
  /** Where its tokens are kept. */
  readonly credentialsPath: string
}

type ProfileAuthentication = { readonly credentials_path?: string } & (
  | {
      readonly type: 'oidc_federation'
      readonly federation_rule_id?: string
      readonly service_account_id?: string
      readonly identity_token?: { readonly source: string; readonly path?: string }
    }
  | { readonly type: 'user_oauth'; readonly client_id?: string }
)

/** The folder of Anthropic's tools: `ANTHROPIC_CONFIG_DIR`, else where the system keeps such. */
export function configFolder(): string {
  const own = readVariable('ANTHROPIC_CONFIG_DIR')
  if (own) return own
  if (process.platform === 'win32')
    return join(readVariable('APPDATA') ?? join(homedir(), 'AppData', 'Roaming'), 'Anthropic')
  return join(readVariable('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'anthropic')
}

/** The name in the folder's file `active_config`, else `default`. */
export function activeProfile(folder: string): string {
  return (readIfThere(join(folder, 'active_config')) ?? '').trim() || 'default'
}

/**
 * @returns `undefined` where there is no such profile
 * @throws {ConfigError} its name is none, or its file cannot be read or used
 */
export function loadProfile(folder: string, name: string): Profile | undefined {
  // It becomes a path.
  if (!/^[\w.-]+$/.test(name) || /^\.\.?$/.test(name))
    throw new ConfigError(`profile must be a name of letters, digits, "_", "." and "-": ${JSON.stringify(name)}`)
  const path = join(folder, 'configs', `${name}.json`)
  const text = readIfThere(path)
  if (text === undefined) return undefined
  let config: Profile
  try {
    config = Object(JSON.parse(text))
  } catch {
    throw new ConfigError(`${path} must be JSON.`)
  }
  const { authentication, base_url, organization_id, workspace_id } = config
  const { type, credentials_path } = Object(authentication) as Partial<ProfileAuthentication>
  if (type !== 'oidc_federation' && type !== 'user_oauth')
    throw new ConfigError(`${path} must have an authentication whose type is "oidc_federation" or "user_oauth".`)
  const credentialsPath = credentials_path || join(folder, 'credentials', `${name}.json`)
  return { name, authentication, base_url, organization_id, workspace_id, credentialsPath }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`${path} must be a file that can be read: ${(error as Error).message}`)
  }
}
