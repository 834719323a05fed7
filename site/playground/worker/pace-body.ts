/** Between two events, of which each has about a token. */
export const eventDelayMs = 15

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A body with its chunks apart, so that one sees it arrive. `onCut` is called where its reader gives it up. */
export function paceBody(body: ReadableStream<Uint8Array>, onCut: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await reader.read()
        if (done) return controller.close()
        await sleep(eventDelayMs)
        controller.enqueue(value)
      },
      cancel(reason) {
        onCut()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
