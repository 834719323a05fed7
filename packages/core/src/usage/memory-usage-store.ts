import { createLedger } from './ledger/ledger.ts'
import type { UsageStore } from './usage-store.ts'

/**
 * Books in the memory of this process, gone when it ends. They hold one entry for each project, model and day, whatever
 * the number of calls; days beyond the newest 100 are added up into one.
 */
export function memoryUsageStore(): UsageStore {
  const ledger = createLedger()
  return {
    reserve: async (reservation, cap) => ledger.reserve(reservation, cap),
    async settle({ id, project }, counts, range) {
      ledger.settle(id, counts)
      return ledger.spent(project, range)
    },
    read: async (project, range) => ledger.read(project, range),
  }
}
