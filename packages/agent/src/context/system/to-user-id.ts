import { ConfigError } from '@enjamb/core'
import type { MetadataOptions } from '../context-options.ts'

/** What the machine says of itself. */
export interface HostFacts {
  hostHash?: string | undefined
  accountId?: string | undefined
}

const longest = 256

/**
 * Whom requests are made for, of what there is.
 *
 * @throws {ConfigError} it is longer than the API takes
 */
export function toUserId(options: MetadataOptions, session: string, host: HostFacts = {}): string | undefined {
  const { userId, hostHash = true, sessionId = session, accountId = host.accountId } = options
  const { deviceId = hostHash ? host.hostHash : undefined } = options
  const parts = [
    deviceId && `user_${deviceId}`,
    accountId && `account_${accountId}`,
    sessionId && `session_${sessionId}`,
  ]
  const id = userId ?? parts.filter(Boolean).join('_')
  if (id.length > longest)
    throw new ConfigError(`metadata must come to ${longest} characters at most, not ${id.length}.`)
  return id || undefined
}
