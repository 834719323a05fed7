import type { ClientOptions } from '../../client/client.ts'
import { mergeOptions } from '../../client/merge-options.ts'
import type { Platform } from '../platform.ts'
import { consoleLogger } from './logging/console-logger.ts'
import { readVariable } from './read-variable.ts'

export const withEnvironment: Platform['withEnvironment'] = (defaults) => {
  const timeout = readVariable('CLAUDE_TIMEOUT')
  return mergeOptions<ClientOptions>(defaults, {
    apiKey: readVariable('ANTHROPIC_API_KEY') ?? readVariable('CLAUDE_API_KEY'),
    authToken: readVariable('ANTHROPIC_AUTH_TOKEN') ?? readVariable('CLAUDE_CODE_OAUTH_TOKEN'),
    baseURL: readVariable('ANTHROPIC_BASE_URL') ?? readVariable('CLAUDE_BASE_URL'),
    timeoutMs: timeout === undefined ? undefined : Number(timeout) * 1000,
    logger: consoleLogger(readVariable('ANTHROPIC_LOG')),
  }) as typeof defaults
}
