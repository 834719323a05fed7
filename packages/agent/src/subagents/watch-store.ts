import type { UsageStore } from '@enjamb/core'

/** A store of which one can wait for a change. */
export interface WatchedStore {
  store: UsageStore
  /** How many reservations have been settled. */
  settlements(): number
  /** Is money set aside that may be given back? */
  isWaitedFor(): boolean
  /** Calls back at the next settlement; what it gives takes that back. */
  onSettlement(listener: () => void): () => void
}

export function watchStore(store: UsageStore): WatchedStore {
  const open = new Set<string>()
  const listeners = new Set<() => void>()
  let settlements = 0
  return {
    store: {
      ...store,
      async reserve(reservation, cap) {
        const grant = await store.reserve(reservation, cap)
        if (grant.granted) open.add(reservation.id)
        return grant
      },
      async settle(reservation, counts, range) {
        try {
          return await store.settle(reservation, counts, range)
        } finally {
          open.delete(reservation.id)
          settlements++
          for (const listener of listeners) listener()
        }
      },
    },
    settlements: () => settlements,
    isWaitedFor: () => open.size > 0,
    onSettlement(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
