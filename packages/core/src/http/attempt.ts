import { onAbort } from '#platform'
import type { Outcome } from '../client/middleware.ts'
import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'

/**
 * The life of one attempt: what can end it before its work is done, and who is told how it ended. It lasts as long as a
 * stream is read, and so holds nothing of the request.
 */
export interface Attempt {
  readonly signal: AbortSignal
  /** What is known of how it ends. */
  readonly outcome: { -readonly [K in keyof Outcome]: Outcome[K] }
  /** Who waits to be told. */
  readonly listeners: ((outcome: Outcome) => void)[]
  /** Ends it now. */
  abort(reason: unknown): void
  /**
   * What `work` comes to, or why the attempt was ended before: a fetch that someone passed in need not heed the signal.
   */
  run<T>(work: () => Promise<T>): Promise<T>
  onOutcome(listener: (outcome: Outcome) => void): void
  /** Tells how it ended, of which only the first time counts, and heeds the caller's signal no more. */
  settle(end: Partial<Outcome>): void
}

export function createAttempt(caller: AbortSignal | undefined): Attempt {
  const controller = new AbortController()
  const { signal } = controller
  const listeners: ((outcome: Outcome) => void)[] = []
  const outcome = { sent: false } as Outcome
  let ended: Outcome | undefined
  let unlink: () => void
  const abort = (reason: unknown) => controller.abort(reason)
  return {
    signal,
    outcome,
    listeners,
    abort,
    run: (work) =>
      new Promise<never>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        const onEnd = () => abort(new RequestAbortedError('The request was aborted.', { cause: caller!.reason }))
        unlink = onAbort(caller, onEnd)
        if (caller?.aborted) onEnd()
        work().then(resolve as never, reject)
      }),
    onOutcome(listener) {
      // A middleware that was still waiting for something when the attempt ended must hear of it, too.
      if (ended) listener(ended)
      else listeners.push(listener)
    },
    settle(end) {
      unlink()
      // A late answer must not change what somebody was told.
      ended ??= { ...outcome, ...end }
      for (const tell of listeners.splice(0)) tell(ended)
    },
  }
}
