interface Watch {
  /** Something has happened. */
  note(): void
  stop(): void
}

/**
 * Finds out when what waits for something waits for nothing any more. Counted are rounds of the event loop, not the clock, so
 * that a machine that is busy elsewhere makes nothing of it.
 *
 * @param waits says whether anything waits now; what works may take its time
 */
export function watchWaiting(waits: () => boolean, onStuck: () => void): Watch {
  let rounds = 0
  const timer = setInterval(() => {
    rounds = waits() ? rounds + 1 : 0
    if (rounds === mostRounds) onStuck()
  }, 100)
  return {
    note() {
      rounds = 0
    },
    stop() {
      clearInterval(timer)
    },
  }
}

const mostRounds = 30
