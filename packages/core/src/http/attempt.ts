import type { Outcome } from '../client/middleware.ts'
import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'
import { RequestTimeoutError } from '../errors/connection/request-timeout-error.ts'
import { startTimer } from '../start-timer.ts'

/**
 * The life of one attempt: what can end it before its work is done, and who is told how it ended. It lasts as long as a
 * stream is read, and so holds nothing of the request.
 */
export interface Attempt {
  readonly signal: AbortSignal
  /** Ends it now. */
  abort(reason: unknown): void
  /** Ends it in `ms` milliseconds, 0 being never, unless what it gives is called before. */
  abortIn(ms: number, message: string): () => void
  wait(ms: number): Promise<void>
  /**
   * What `work` comes to, or why the attempt was ended before: a fetch that someone passed in need not heed the signal.
   * Leaves no timer behind.
   */
  run<T>(work: () => Promise<T>): Promise<T>
  onOutcome(listener: (outcome: Outcome) => void): void
  /** Whether somebody waits to be told how it ends. */
  isObserved(): boolean
  /** What is known of the outcome. */
  note(part: Partial<Outcome>): void
  /** Tells how it ended, of which only the first time counts, and heeds the caller's signal no more. */
  settle(end: Partial<Outcome>): void
}

export function createAttempt(caller: AbortSignal | undefined): Attempt {
  const controller = new AbortController()
  const { signal } = controller
  const timers: (() => void)[] = []
  const listeners: ((outcome: Outcome) => void)[] = []
  const outcome = { sent: false } as Outcome
  let settled = false
  let fail: ((reason: unknown) => void) | undefined
  const abort = (reason: unknown) => {
    fail?.(reason)
    controller.abort(reason)
  }
  const onAbort = () => abort(new RequestAbortedError('The request was aborted.', { cause: caller?.reason }))
  const start = (ms: number, callback: () => void) => {
    const stop = startTimer(ms, callback)
    timers.push(stop)
    return stop
  }
  const note = (part: Partial<Outcome>) => {
    if (!settled) Object.assign(outcome, part)
  }
  return {
    signal,
    abort,
    abortIn: (ms, message) => start(ms || Number.POSITIVE_INFINITY, () => abort(new RequestTimeoutError(message))),
    wait: (ms) => new Promise((resolve) => void start(ms, resolve)),
    run: (work) =>
      new Promise<never>((resolve, reject) => {
        fail = reject
        if (caller?.aborted) onAbort()
        caller?.addEventListener('abort', onAbort)
        work().then(resolve as never, reject)
      }).finally(() => {
        fail = undefined
        for (const stop of timers.splice(0)) stop()
      }),
    onOutcome(listener) {
      // A middleware that was still waiting for something when the attempt ended must hear of it, too.
      if (settled) listener(outcome)
      else listeners.push(listener)
    },
    isObserved: () => listeners.length > 0,
    note,
    settle(end) {
      caller?.removeEventListener('abort', onAbort)
      note(end)
      settled = true
      for (const tell of listeners.splice(0)) tell(outcome)
    },
  }
}
