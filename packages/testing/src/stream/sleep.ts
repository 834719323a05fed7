/** The longest that a timer can wait; beyond it one would fire at once. */
const longest = 2 ** 31 - 1

/**
 * Resolves after `ms` milliseconds, never where that is infinite; rejects with the signal's reason, its timer cleared,
 * when that aborts first.
 */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const wake = () => {
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const timer = ms > longest ? undefined : setTimeout(wake, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
