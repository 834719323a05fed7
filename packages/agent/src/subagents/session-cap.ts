import { memoryUsageStore, type UsageStore } from '@enjamb/core'
import type { Journal } from '../journal/journal.ts'
import { type SpendCap, type SpendCapOptions, spendCap } from './spend-cap.ts'

/**
 * A cap whose books stand in the journal of its session, so that another process goes on with what is left of it. What was under
 * way when a process was killed counts with all that was set aside for it, as nobody knows what came of it.
 *
 * @param maxCost in dollars
 */
export async function sessionCap(
  maxCost: number,
  journal: Journal,
  options: Pick<SpendCapOptions, 'within' | 'onNearlySpent'>,
): Promise<SpendCap> {
  const { state } = journal
  const unknown = [...state.reserved].map(([id, nanoUsd]) => ({ type: 'settled' as const, id, nanoUsd }))
  await journal.append(...unknown)
  return spendCap(maxCost, { ...options, spentNanoUsd: state.spentAtMost, store: journalUsageStore(journal) })
}

/** Books in memory, each line of which is in the journal, too: a reservation before anybody acts on it. */
function journalUsageStore(journal: Journal): UsageStore {
  const memory = memoryUsageStore()
  return {
    ...memory,
    async reserve(reservation, cap) {
      const { id, model, nanoUsd } = reservation
      const grant = await memory.reserve(reservation, cap)
      if (!grant.granted) return grant
      try {
        await journal.append({ type: 'reserved', id, model, nanoUsd })
      } catch (error) {
        await memory.settle(reservation, undefined, { since: '', until: '' })
        throw error
      }
      return grant
    },
    async settle(reservation, counts, range) {
      const spent = await memory.settle(reservation, counts, range)
      await journal.append({ type: 'settled', id: reservation.id, nanoUsd: counts?.nanoUsd ?? 0 })
      return spent
    },
  }
}
