/** Tells the other tabs of an origin, and this one, that something changed. */
export function sendSignal(channel: string, subject: string): void {
  const sender = new BroadcastChannel(channel)
  sender.postMessage(subject)
  sender.close()
}

/** Hears of it. Whatever comes after `next` was called is not missed; an abort wakes, too. */
export function hearSignals(channel: string, subject: string, signal: AbortSignal) {
  let wake = () => {}
  const onAbort = () => wake()
  const receiver = new BroadcastChannel(channel)
  receiver.onmessage = ({ data }) => {
    if (data === subject) wake()
  }
  signal.addEventListener('abort', onAbort)
  return {
    next: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
    close() {
      receiver.close()
      signal.removeEventListener('abort', onAbort)
    },
  }
}
