import { withEnvironment } from '#platform'
import type { Client } from './client.ts'
import { defaultRule } from './retry-rule.ts'

/** Every default, from the environment first. */
export function defaultOptions(): Client {
  return withEnvironment({
    apiVersion: '2026-10-21',
    baseURL: 'https://api.anthropic.com',
    timeoutMs: 600_000,
    idleTimeoutMs: 120_000,
    deadlineMs: 0,
    retry: defaultRule,
    betas: [],
    headers: [],
    middleware: [],
  } as Omit<Client, 'apiKey' | 'authToken'> as Client)
}
