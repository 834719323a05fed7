/**
 * Waits for a promise of something that does not itself keep Node alive; once `signal` aborts, the wait no longer does
 * so either.
 */
export async function keepAlive<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  const timer = setInterval(() => {}, 2 ** 30)
  const release = () => clearInterval(timer)
  if (signal?.aborted) release()
  signal?.addEventListener('abort', release)
  try {
    return await promise
  } finally {
    release()
    signal?.removeEventListener('abort', release)
  }
}
