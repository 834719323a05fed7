/** Passes events to whoever reads at the time; where nobody does, nothing is kept. */
export interface Channel<Event> {
  push(event: Event): void
  /** Ends all readers, once they have read what they have; with an error, where one is given. */
  end(failure?: { error: unknown }): void
  /** Reads from now on, even where the first event is asked for later. */
  read(): AsyncGenerator<Event, void>
}

interface Reader<Event> {
  events: Event[]
  wake(): void
}

export function createChannel<Event>(): Channel<Event> {
  const readers = new Set<Reader<Event>>()
  let ended: { failure?: { error: unknown } | undefined } | undefined

  async function* drain(reader: Reader<Event>): AsyncGenerator<Event, void> {
    try {
      for (;;) {
        if (reader.events.length) yield* reader.events.splice(0)
        else if (ended?.failure) throw ended.failure.error
        else if (ended) return
        else {
          await new Promise<void>((resolve) => {
            reader.wake = resolve
          })
        }
      }
    } finally {
      readers.delete(reader)
    }
  }

  return {
    push(event) {
      for (const reader of readers) {
        reader.events.push(event)
        reader.wake()
      }
    },
    end(failure) {
      ended ??= { failure }
      for (const reader of readers) reader.wake()
    },
    read() {
      const reader: Reader<Event> = { events: [], wake: () => {} }
      readers.add(reader)
      return drain(reader)
    },
  }
}

/** Reads from when the first event is asked for, which begins what gives them. */
export async function* readBegun<Event>(channel: Channel<Event>, begin: () => unknown): AsyncGenerator<Event, void> {
  const events = channel.read()
  begin()
  yield* events
}
