import type { Credential } from '@enjamb/core'
import type { BackendSettings } from '../../backend/backend.ts'
import type { CliSettings } from '../cli-backend-options.ts'

/** Variables that say how and where to work. */
const inherited =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|TMPDIR|TMP|TEMP|XDG_\w+_(HOME|DIR)|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|IS_SANDBOX|DISABLE_\w+|SystemRoot|APPDATA|LOCALAPPDATA|USERPROFILE|PATHEXT)$/i

/** The program's own, its credentials among them; but for `CLAUDECODE`, by which it knows that it runs in itself. */
const own = /^(ANTHROPIC|CLAUDE)_|^API_TIMEOUT_MS$|^MAX_(THINKING|MCP_OUTPUT)_TOKENS$|^(BASH|MCP)_\w*(TIMEOUT|LENGTH)/
/** Of those with such names these alone are needed, and come from the client. */
const secret = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)$/i

/** What a run of the program tells those below it of itself. */
const ofAnother =
  /^CLAUDECODE$|^CLAUDE_CODE_(ENTRYPOINT|SSE_PORT|SESSION_ID|CHILD_SESSION|EXECPATH|TMPDIR)$|^CLAUDE_(PID|AGENT_SDK_VERSION)$/

/** By an allow list, so that a secret nobody thought of is left out, too. */
export async function toEnv(
  { env = {} }: Pick<CliSettings, 'env'>,
  { client, maxTokens }: Pick<BackendSettings, 'client' | 'maxTokens'>,
  all: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  const isKnown = (name: string) => inherited.test(name) || (own.test(name) && !secret.test(name))
  const known = Object.entries(all).filter(([name]) => isKnown(name) && !ofAnother.test(name))
  const given = {
    // A few of its own are enough: what goes on failing is up to us.
    CLAUDE_CODE_MAX_RETRIES: '2',
    ...Object.fromEntries(known),
    ...(await credentials(client, all)),
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: `${maxTokens}`,
    ...env,
  }
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(set)
}

/** Those that the loop over the API would use; where there are none, the program may have its own. */
async function credentials(
  { apiKey, authToken, baseURL }: BackendSettings['client'],
  all: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const key = await secretOf(apiKey)
  const token = await secretOf(authToken)
  const isOwn = baseURL !== 'https://api.anthropic.com' && baseURL !== all.ANTHROPIC_BASE_URL
  const isOAuth = (value: string) => value.startsWith('sk-ant-oat')
  return {
    ...(isOwn && { ANTHROPIC_BASE_URL: baseURL }),
    ...(key && { [isOAuth(key) ? 'CLAUDE_CODE_OAUTH_TOKEN' : 'ANTHROPIC_API_KEY']: key }),
    ...(token && { [isOAuth(token) ? 'CLAUDE_CODE_OAUTH_TOKEN' : 'ANTHROPIC_AUTH_TOKEN']: token }),
  }
}

async function secretOf(credential: Credential | undefined): Promise<string | undefined> {
  try {
    return typeof credential === 'function' ? await credential({ refresh: false }) : credential
  } catch {
    return undefined
  }
}
