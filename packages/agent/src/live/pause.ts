import { onAbort, startTimer } from '@enjamb/core'

/** Waits, until a signal aborts at most. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      off()
      stop()
      resolve()
    }
    const off = onAbort(signal, end)
    const stop = startTimer(ms, end)
  })
}
