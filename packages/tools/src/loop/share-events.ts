export interface SharedEvents<Event> {
  read(): AsyncGenerator<Event, void>
  /** Pulls the source to its end, and throws what it threw. */
  drain(): Promise<void>
  /** Has somebody come to read, who hears of errors there? */
  readonly isRead: boolean
  /** `idle` until the source is first pulled, `ended` from its end on. */
  readonly state: 'idle' | 'running' | 'ended'
}

/**
 * Shares a source among any number of readers. It is pulled when one of them asks for an event and never ahead of that,
 * except by `drain`. Each reader has every event from when it is first pulled; one that lags keeps what it has not read.
 *
 * @param onEvent gets each event before the readers do
 * @param onLeave is called when the last reader leaves before the end and nobody drains; leaving waits for it
 */
export function shareEvents<Event>(
  source: AsyncIterator<Event, void>,
  onEvent: (event: Event) => void,
  onLeave: () => Promise<void>,
): SharedEvents<Event> {
  const queues = new Set<Event[]>()
  let step: Promise<void> | undefined
  let draining = false
  let end: (() => void) | undefined
  let begun = false
  let isRead = false
  const pull = async () => {
    try {
      const { done, value } = await source.next()
      // An abort inside of a step pulls once more, and what the first pull found stands.
      if (done) end ??= () => {}
      else {
        onEvent(value)
        for (const queue of queues) queue.push(value)
      }
    } catch (error) {
      end = () => {
        throw error
      }
    }
    step = undefined
  }
  const next = () => {
    begun = true
    step ??= pull()
    return step
  }
  return {
    get isRead() {
      return isRead
    },
    get state() {
      return end ? 'ended' : begun ? 'running' : 'idle'
    },
    async *read() {
      const queue: Event[] = []
      isRead = true
      queues.add(queue)
      try {
        for (;;) {
          if (queue.length) yield* queue.splice(0)
          else if (end) return end()
          else await next()
        }
      } finally {
        queues.delete(queue)
        if (!end && !draining && !queues.size) await onLeave()
      }
    },
    async drain() {
      draining = true
      while (!end) await next()
      end()
    },
  }
}
