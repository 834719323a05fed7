/**
 * What a call waits for: one that may change something for all before it, one that only reads for those before it that
 * may change something, and one that is `free` for nothing.
 */
export type CallOrder = 'write' | 'read' | 'free'

/** Lets calls run side by side, at most `limit` at once, in the order asked but for what each waits for. */
export function createCallQueue(limit: number): <T>(order: CallOrder, work: () => Promise<T>) => Promise<T> {
  const earlier: Promise<unknown>[] = []
  const held: (() => void)[] = []
  let lastWrite: Promise<unknown> | undefined
  let running = 0
  return (order, work) => {
    const gate = order === 'write' ? Promise.allSettled(earlier) : order === 'read' && lastWrite
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
    if (order === 'write') lastWrite = Promise.allSettled([outcome])
    return outcome
  }
}
