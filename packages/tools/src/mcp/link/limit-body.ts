const maxBytes = 10 * 2 ** 20
/** The most that is passed on in one turn of the event loop, however much there is. */
const linesATurn = 256
const bytesATurn = 2 ** 20

/**
 * The same response, whose body breaks off where a message in it has more than 10 MB. In a stream of events, which may go
 * on for ever, a message ends with a blank line; of those, some are passed on in each turn, so that a server that floods
 * does not hold up all else.
 */
export function limitBody(response: Response, onTooLong: (error: Error) => void): Response {
  const { body, headers } = response
  if (!body) return response
  const isStream = !!headers.get('content-type')?.startsWith('text/event-stream')
  let bytes = 0
  let isLineEmpty = false
  let last = 0
  let lines = 0
  let passed = 0

  /** How much of a chunk this turn still takes; `undefined` if a message is too long. */
  const measure = (chunk: Uint8Array, from: number): number | undefined => {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      bytes++
      const endsLine = isStream && (byte === 10 || byte === 13)
      // Of the two characters at the end of a line in Windows, the second ends none.
      const isSecond = byte === 10 && last === 13
      if (endsLine && isLineEmpty && !isSecond) bytes = 0
      isLineEmpty = endsLine
      last = byte
      if (bytes > maxBytes) return undefined
      if (endsLine && ++lines >= linesATurn) return at + 1
    }
    return chunk.length
  }

  const limit = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      for (let from = 0; from < chunk.length; ) {
        const end = measure(chunk, from)
        if (end === undefined) {
          const error = new Error(`Its answer has more than ${maxBytes} bytes.`)
          onTooLong(error)
          return controller.error(error)
        }
        controller.enqueue(chunk.subarray(from, end))
        passed += end - from
        from = end
        if (lines < linesATurn && passed < bytesATurn) continue
        lines = 0
        passed = 0
        await new Promise((resolve) => setTimeout(resolve))
      }
    },
  })
  return new Response(body.pipeThrough(limit), response)
}
