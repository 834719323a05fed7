import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { HostFacts } from '../../context/system/to-user-id.ts'

/** Of this machine. Its name itself is told to nobody. */
export function hostFacts(): HostFacts {
  return {
    hostHash: createHash('sha256').update(hostname()).digest('hex'),
    accountId: process.env.CLAUDE_ACCOUNT_UUID?.trim() || undefined,
  }
}
