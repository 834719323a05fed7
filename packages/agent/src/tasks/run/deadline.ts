import { onAbort, startTimer } from '@enjamb/core'

/** What ends a task from outside. */
export interface Deadline {
  readonly signal: AbortSignal
  /** What has ended it, if anything has. */
  readonly cause: 'timeout' | 'aborted' | undefined
  /** What was said with it. */
  readonly reason: string
  clear(): void
}

export function createDeadline(timeoutMs: number | undefined, signals: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController()
  let cause: Deadline['cause']
  let reason = ''
  function end(why: 'timeout' | 'aborted', said: unknown): void {
    if (cause) return
    cause = why
    reason = typeof said === 'string' ? said : said instanceof Error && said.name !== 'AbortError' ? said.message : ''
    controller.abort(said)
  }
  const clears = signals.map((signal) => onAbort(signal, () => end('aborted', signal?.reason)))
  for (const signal of signals) if (signal?.aborted) end('aborted', signal.reason)
  if (timeoutMs !== undefined) {
    clears.push(startTimer(timeoutMs, () => end('timeout', `It had no result after ${timeoutMs} ms.`)))
  }
  return {
    signal: controller.signal,
    get cause() {
      return cause
    },
    get reason() {
      return reason
    },
    clear() {
      for (const clear of clears) clear()
    },
  }
}
