import { ConfigError } from '@enjamb/core'

/** A lock among all tabs and workers of an origin, which ends with the one that holds it. */
export interface TabLock {
  release(): void
}

/** Takes a lock, if nobody has it. */
export function takeLock(name: string): Promise<TabLock | undefined> {
  const { locks } = navigator
  if (!locks)
    throw new ConfigError('indexedDBStore needs the Web Locks API: serve the page by https, or from localhost.')
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined)
        return new Promise<void>((release) => resolve({ release }))
      })
      .catch(reject)
  })
}
