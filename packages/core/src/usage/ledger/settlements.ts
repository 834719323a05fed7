/** Settlements on their way into a store, kept until they are in it. */
export interface Settlements {
  /** Tries at once; the promise waits for that, and rejects with what it rejects with. */
  add(id: string, enter: () => Promise<void>): Promise<void>
  /** Tries again what has failed. Rejects if it fails again. */
  retry(): Promise<void>
  /** Waits for all that is on its way, after trying again what has failed. */
  settled(): Promise<void>
}

interface Settlement {
  enter: () => Promise<void>
  running: Promise<void> | undefined
}

export function createSettlements(): Settlements {
  const waiting = new Map<string, Settlement>()

  function run(id: string, settlement: Settlement): Promise<void> {
    const running = settlement.enter().then(
      () => void waiting.delete(id),
      (error) => {
        settlement.running = undefined
        throw error
      },
    )
    settlement.running = running
    // Whoever spends or asks next hears of it.
    running.catch(() => {})
    return running
  }

  async function retry(): Promise<void> {
    const failed = [...waiting].filter(([, { running }]) => !running)
    await Promise.all(failed.map(([id, settlement]) => run(id, settlement)))
  }

  return {
    add(id, enter) {
      const settlement: Settlement = { enter, running: undefined }
      waiting.set(id, settlement)
      return run(id, settlement)
    },
    retry,
    async settled() {
      const retried = retry()
      await Promise.all([retried, ...[...waiting.values()].map(({ running }) => running)])
    },
  }
}
