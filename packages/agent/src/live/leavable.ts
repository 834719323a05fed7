/** Events that a reader may leave at any time, also while it waits for one. Each loop over them begins anew. */
export function leavable<Event>(
  events: (leave: AbortController) => AsyncGenerator<Event, void>,
): AsyncIterable<Event, void> {
  return {
    [Symbol.asyncIterator]() {
      const leave = new AbortController()
      const reading = events(leave)
      return {
        next: () => reading.next(),
        return() {
          // With a reason: to make one takes a stack trace, and many readers come and go.
          leave.abort('left')
          return reading.return()
        },
      }
    },
  }
}
