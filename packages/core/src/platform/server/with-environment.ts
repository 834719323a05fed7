import type { ClientOptions } from '../../client/client.ts'
import { mergeOptions } from '../../client/merge-options.ts'
import type { Platform } from '../platform.ts'
import { consoleLogger } from './logging/console-logger.ts'

export const withEnvironment: Platform['withEnvironment'] = (defaults) => {
  const timeout = read('CLAUDE_TIMEOUT')
  return mergeOptions<ClientOptions>(defaults, {
    apiKey: read('ANTHROPIC_API_KEY') ?? read('CLAUDE_API_KEY'),
    authToken: read('ANTHROPIC_AUTH_TOKEN') ?? read('CLAUDE_CODE_OAUTH_TOKEN'),
    baseURL: read('ANTHROPIC_BASE_URL') ?? read('CLAUDE_BASE_URL'),
    timeoutMs: timeout === undefined ? undefined : Number(timeout) * 1000,
    logger: consoleLogger(read('ANTHROPIC_LOG')),
  }) as typeof defaults
}

/** A variable of the environment; one that is blank is not set. */
function read(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  try {
    return process?.env?.[name]?.trim() || undefined
  } catch {
    // Deno asks for leave, and may not get it.
    return undefined
  }
}
