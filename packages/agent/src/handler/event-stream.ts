import { onAbort, startTimer } from '@enjamb/core'
import type { SessionEvent } from '../live/session-event.ts'
import { errorAnswer } from './error-answer.ts'

interface EventStreamOptions {
  /** Something is sent after this silence, so that nobody on the way takes the connection for dead. */
  heartbeatMs: number
  /** After how long a reader comes back whose connection broke. */
  retryMs: number
  /** The reader has gone. */
  signal: AbortSignal
  onError(error: unknown): void
}

const encoder = new TextEncoder()

/** Events as server-sent events, each with its position as the id. They are asked for as they are read. */
export function eventStream(
  events: AsyncIterable<SessionEvent>,
  { heartbeatMs, retryMs, signal, onError }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const iterator = events[Symbol.asyncIterator]()
  let next: Promise<IteratorResult<SessionEvent>> | undefined
  const leave = () => {
    off()
    iterator.return?.().catch(() => {})
  }
  const off = onAbort(signal, leave)
  if (signal.aborted) leave()

  async function nextFrame(): Promise<string | undefined> {
    next ??= iterator.next()
    const result = await orSilence(next, heartbeatMs)
    if (!result) return ':\n\n'
    next = undefined
    if (result.done) return undefined
    const { position, ...event } = result.value
    return `id: ${position}\ndata: ${JSON.stringify(event)}\n\n`
  }

  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`)),
    async pull(controller) {
      try {
        const frame = await nextFrame()
        if (frame !== undefined) return controller.enqueue(encoder.encode(frame))
      } catch (error) {
        const { isUnexpected, error: told } = errorAnswer(error)
        if (isUnexpected) onError(error)
        controller.enqueue(encoder.encode(`event: failure\ndata: ${JSON.stringify(told)}\n\n`))
      }
      off()
      controller.close()
    },
    cancel: leave,
  })
}

function orSilence<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = startTimer(ms, () => resolve(undefined))
    promise.then(resolve, reject).finally(stop)
  })
}
