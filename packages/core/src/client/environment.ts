export interface Environment {
  apiKey: string | undefined
  authToken: string | undefined
  baseURL: string | undefined
  timeoutMs: number | undefined
}

/** What the environment variables say; empty ones count as unset, and a platform without any gives nothing. */
export function readEnvironment(): Environment {
  const env = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}
  return {
    apiKey: env.ANTHROPIC_API_KEY || env.CLAUDE_API_KEY,
    authToken: env.ANTHROPIC_AUTH_TOKEN || env.CLAUDE_CODE_OAUTH_TOKEN,
    baseURL: env.ANTHROPIC_BASE_URL || env.CLAUDE_BASE_URL,
    timeoutMs: env.CLAUDE_TIMEOUT ? Number(env.CLAUDE_TIMEOUT) * 1000 : undefined,
  }
}
