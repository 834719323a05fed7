import { ConfigError } from '../errors/config-error.ts'

export interface Environment {
  apiKey?: string | undefined
  authToken?: string | undefined
  baseURL?: string | undefined
  timeoutMs?: number | undefined
}

/** What the environment variables say; empty ones count as unset, and a platform without any gives nothing. */
export function readEnvironment(): Environment {
  const env = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}
  const seconds = env.CLAUDE_TIMEOUT
  if (seconds && !(Number(seconds) >= 0)) {
    throw new ConfigError(`CLAUDE_TIMEOUT must be a number of seconds; it is "${seconds}".`)
  }
  return {
    apiKey: env.ANTHROPIC_API_KEY || env.CLAUDE_API_KEY || undefined,
    authToken: env.ANTHROPIC_AUTH_TOKEN || env.CLAUDE_CODE_OAUTH_TOKEN || undefined,
    baseURL: env.ANTHROPIC_BASE_URL || env.CLAUDE_BASE_URL || undefined,
    timeoutMs: seconds ? Number(seconds) * 1000 : undefined,
  }
}
