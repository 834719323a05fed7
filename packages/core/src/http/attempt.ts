import type { Outcome } from '../client/middleware.ts'
import { RequestAbortedError } from '../errors/request-aborted-error.ts'
import { RequestTimeoutError } from '../errors/request-timeout-error.ts'

/** The life of one attempt: what can end it before its work is done, and who is told how it ended. */
export interface Attempt {
  readonly signal: AbortSignal
  /** Rejects when the attempt is ended: a fetch that someone passed in need not heed the signal. */
  readonly ended: Promise<never>
  /** Ends it now. */
  abort(reason: unknown): void
  /** Ends it in `ms` milliseconds, 0 being never, unless what it returns is called before. */
  abortIn(ms: number, message: string): () => void
  wait(ms: number): Promise<void>
  onOutcome(listener: (outcome: Outcome) => void): void
  /** Whether somebody waits to be told how it ends. */
  isObserved(): boolean
  /** Tells how it ended; only the first time counts. */
  settle(outcome: Outcome): void
  /** Leaves no timer behind. */
  stopTimers(): void
  /** Heeds the caller's signal no more. */
  unlink(): void
}

export function createAttempt(caller: AbortSignal | undefined): Attempt {
  const controller = new AbortController()
  const timers: ReturnType<typeof setTimeout>[] = []
  let listeners: ((outcome: Outcome) => void)[] = []
  let settled: Outcome | undefined
  let abort!: (reason: unknown) => void
  const ended = new Promise<never>((_, reject) => {
    abort = (reason) => {
      reject(reason)
      controller.abort(reason)
    }
  })
  const onAbort = () => abort(new RequestAbortedError('The request was aborted.', { cause: caller?.reason }))
  const start = (callback: () => void, ms: number) => {
    const timer = setTimeout(callback, ms)
    timers.push(timer)
    return () => clearTimeout(timer)
  }
  if (caller?.aborted) onAbort()
  caller?.addEventListener('abort', onAbort)
  return {
    signal: controller.signal,
    ended,
    abort,
    // setTimeout takes 31 bits and fires at once beyond them; 24 days and no limit are the same thing here.
    abortIn: (ms, message) =>
      ms && ms < 2 ** 31 ? start(() => abort(new RequestTimeoutError(message)), ms) : () => {},
    wait: (ms) => new Promise((resolve) => void start(resolve, ms)),
    onOutcome(listener) {
      // A middleware that was still waiting for something when the attempt ended must hear of it, too.
      if (settled) listener(settled)
      else listeners.push(listener)
    },
    isObserved: () => listeners.length > 0,
    settle(outcome) {
      if (settled) return
      settled = outcome
      for (const tell of listeners) tell(outcome)
      listeners = []
    },
    stopTimers: () => timers.forEach(clearTimeout),
    unlink: () => caller?.removeEventListener('abort', onAbort),
  }
}
