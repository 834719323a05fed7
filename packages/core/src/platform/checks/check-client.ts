import type { Client, ClientOptions } from '../../client/client.ts'
import { warn } from '../../client/logger.ts'
import { ConfigError } from '../../errors/config-error.ts'
import type { Platform } from '../platform.ts'
import { checkBetas } from './check-betas.ts'
import { checkNames } from './check-names.ts'

const names: readonly string[] = [
  'apiKey',
  'authToken',
  'apiVersion',
  'baseURL',
  'timeoutMs',
  'idleTimeoutMs',
  'deadlineMs',
  'retry',
  'betas',
  'headers',
  'fetch',
  'middleware',
  'logger',
  'dangerouslyAllowBrowser',
] satisfies (keyof ClientOptions)[]

export const checkClient: Platform['checkClient'] = (given, client) => {
  checkNames(given, names)
  const { apiKey, authToken, logger, baseURL, betas, middleware, fetch } = client as Partial<Client>
  if (apiKey && authToken) warn(logger, 'Both an apiKey and an authToken are given: the apiKey is used.')
  // React Native cannot say.
  if (baseURL && URL.canParse?.(baseURL) === false) throw new ConfigError('baseURL must be like https://host.')
  checkBetas(betas)
  if (!Array.isArray(middleware)) throw new ConfigError('middleware must be a list.')
  if (fetch && typeof fetch !== 'function') throw new ConfigError('fetch must be a function.')
}
