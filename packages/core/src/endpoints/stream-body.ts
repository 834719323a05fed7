import { readerOf, startTimer } from '#platform'
import { IdleTimeoutError } from '../errors/connection/idle-timeout-error.ts'
import { asConnectionError } from '../http/answer/as-connection-error.ts'
import type { Exchange } from '../http/request.ts'

/**
 * A response's body that fails with typed errors: broken off, silent for too long, or aborted, and then at once. It
 * reads when it is asked, and however it ends, gives the connection back and settles the exchange.
 *
 * @param idleTimeoutMs the longest silence while somebody waits; 0 is never
 */
export function streamBody(exchange: Exchange, idleTimeoutMs: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { response, signal, abort, settle } = exchange
  const reader = readerOf(response)
  let stopTimer = () => {}
  let ended = false
  const end = (error?: unknown) => {
    ended = true
    stopTimer()
    // What is closed already has nothing to say about being closed.
    reader?.cancel(error).catch(() => {})
    settle({ error })
  }
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const onAbort = () => {
          end(signal.reason)
          controller.error(signal.reason)
        }
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort)
      },
      async pull(controller) {
        stopTimer = startTimer(idleTimeoutMs || Number.POSITIVE_INFINITY, () =>
          abort(new IdleTimeoutError(`The body was silent for ${idleTimeoutMs} ms (idleTimeoutMs).`)),
        )
        try {
          const result = await reader?.read()
          stopTimer()
          if (ended) return
          if (result?.value) return controller.enqueue(result.value as Uint8Array<ArrayBuffer>)
          end()
          controller.close()
        } catch (cause) {
          if (ended) return
          const error = asConnectionError(cause, response.url)
          end(error)
          controller.error(error)
        }
      },
      cancel: end,
    },
    // No chunk is read before somebody wants it.
    { highWaterMark: 0 },
  )
}
