/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it aborts, whatever `work` does then: a fetch
 * that someone passed in, or a body that someone made, need not know about signals.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    const settled = () => signal.removeEventListener('abort', abort)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
    work.then(resolve, reject).finally(settled)
  })
}

/** Waits; rejects with the signal's reason when it aborts, and leaves no timer behind. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  let timer: ReturnType<typeof setTimeout> | undefined
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await (signal ? abortable(pause, signal) : pause).finally(() => clearTimeout(timer))
}
