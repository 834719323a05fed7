import type { Client } from './client.ts'
import { defaultRule } from './retry-rule.ts'

/** Every default, from the environment first; a variable that is empty counts as unset, and a platform may have none. */
export function defaultOptions(): Client {
  const env = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}
  return {
    apiKey: env.ANTHROPIC_API_KEY || env.CLAUDE_API_KEY,
    authToken: env.ANTHROPIC_AUTH_TOKEN || env.CLAUDE_CODE_OAUTH_TOKEN,
    apiVersion: '2026-10-21',
    baseURL: env.ANTHROPIC_BASE_URL || env.CLAUDE_BASE_URL || 'https://api.anthropic.com',
    timeoutMs: Number(env.CLAUDE_TIMEOUT || 600) * 1000,
    idleTimeoutMs: 120_000,
    deadlineMs: 0,
    retry: defaultRule,
    betas: [],
    headers: [],
    middleware: [],
  }
}
