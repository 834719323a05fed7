/**
 * Lets calls run side by side, at most `limit` at once, in the order asked. One that `waits` starts only when every call
 * before it has settled.
 */
export function createCallQueue(limit: number): <T>(waits: boolean, work: () => Promise<T>) => Promise<T> {
  const earlier: Promise<unknown>[] = []
  const held: (() => void)[] = []
  let running = 0
  return (waits, work) => {
    const gate = waits ? Promise.allSettled(earlier) : undefined
    const outcome = (async () => {
      await gate
      if (running < limit) running++
      else await new Promise<void>((resolve) => held.push(resolve))
      try {
        return await work()
      } finally {
        const next = held.shift()
        if (next) next()
        else running--
      }
    })()
    earlier.push(outcome)
    return outcome
  }
}
