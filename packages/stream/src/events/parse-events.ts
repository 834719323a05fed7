import { RequestAbortedError, type StreamEvent } from '@enjamb/core'
import { createEventParser } from './create-event-parser.ts'

/** Options of {@link parseEvents}. */
export interface ParseEventsOptions {
  /** The largest single frame, in bytes. Default 64 MiB. */
  maxFrameBytes?: number
  /** Ends the reading at once, with `RequestAbortedError`, and cancels the body. */
  signal?: AbortSignal
}

/**
 * Yields the events of a streamed answer's body, whoever sent it. A plain parser: a body that ends early just ends, even
 * before `message_stop`; `streamMessage` tells the difference.
 *
 * The body is locked from the first `next()`, read only when an event is asked for, and cancelled however the reading
 * ends.
 *
 * @throws {APIError} the class of it that an `error` event stands for, after all earlier events were yielded
 * @throws {StreamParseError} what arrived is no event, or larger than `maxFrameBytes`; likewise
 * @throws {RequestAbortedError} when `signal` is aborted
 * @throws whatever error the body ends with
 */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  { maxFrameBytes, signal }: ParseEventsOptions = {},
): AsyncGenerator<StreamEvent, void, undefined> {
  const reader = body.getReader()
  // A cancelled reader settles its pending read, which ends the loop below.
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {})
  signal?.addEventListener('abort', cancel, { once: true })
  let events: StreamEvent[] = []
  const parser = createEventParser({ maxFrameBytes, onEvent: (event) => events.push(event) })
  try {
    while (true) {
      throwIfAborted(signal)
      const { done, value } = await reader.read()
      throwIfAborted(signal)
      if (done) return
      let failure: { error: unknown } | undefined
      try {
        parser.push(value)
      } catch (error) {
        failure = { error }
      }
      for (const event of events) {
        yield event
        throwIfAborted(signal)
      }
      if (failure) throw failure.error
      events = []
    }
  } finally {
    signal?.removeEventListener('abort', cancel)
    cancel()
    reader.releaseLock()
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new RequestAbortedError('The reading of events was aborted.', { cause: signal.reason })
}
