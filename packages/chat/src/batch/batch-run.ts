import { onAbort } from '@enjamb/core'
import { type BatchProgress, type BatchReply, type BatchResult, toBatchReply } from './batch-result.ts'

/**
 * Many questions under way. Nothing is sent before somebody reads, and no further question is before a reader asks for its
 * result, but for as many as may run beside one another. Leaving a loop early ends it, unless `final()` is awaited.
 */
export interface BatchRun extends AsyncIterable<BatchResult> {
  /** Waits for all; it may be called alone, beside a loop, or after one. */
  final(): Promise<BatchReply>
}

/** What a batch takes of its caller. */
export interface RunHooks {
  signal?: AbortSignal | undefined
  /** Hears of each result as it comes. What it throws ends the batch. */
  onProgress?: ((progress: BatchProgress, result: BatchResult) => void) | undefined
}

/**
 * @param open gives the results as they come; its signal says that nobody wants them any more
 * @param order puts them all into the order of the inputs
 */
export function toBatchRun(
  open: (signal: AbortSignal) => AsyncGenerator<BatchResult, void>,
  order: (results: BatchResult[]) => BatchResult[],
  total: number | undefined,
  { signal, onProgress }: RunHooks,
): BatchRun {
  const controller = new AbortController()
  const results: BatchResult[] = []
  let source: AsyncGenerator<BatchResult, void> | undefined
  let unlink = () => {}
  let step: Promise<void> | undefined
  let end: { error?: unknown } | undefined
  let failed = 0
  let finals = 0

  async function pull(): Promise<void> {
    try {
      if (!source) {
        if (signal?.aborted) controller.abort(signal.reason)
        unlink = onAbort(signal, () => controller.abort(signal?.reason))
        source = open(controller.signal)
      }
      const { done, value } = await source.next()
      if (done) end = {}
      else {
        results.push(value)
        if (value.status === 'failed') failed++
        onProgress?.({ total: total ?? results.length, completed: results.length - failed, failed }, value)
      }
    } catch (error) {
      controller.abort(error)
      end = { error }
    }
    step = undefined
    if (end) unlink()
  }
  /** One step for all who wait. */
  const advance = () => (step ??= pull())

  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let at = 0; ; ) {
          while (at < results.length) yield results[at++]!
          if (end) break
          await advance()
        }
        if ('error' in end) throw end.error
      } finally {
        if (!end && !finals) {
          controller.abort()
          // What was under way hears of it, and nothing is left behind.
          while (!end) await advance()
        }
      }
    },
    async final() {
      finals++
      try {
        while (!end) await advance()
      } finally {
        finals--
      }
      if ('error' in end) throw end.error
      return toBatchReply(order(results))
    },
  }
}
