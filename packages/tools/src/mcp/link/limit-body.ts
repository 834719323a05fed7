const maxBytes = 10 * 2 ** 20

/**
 * The same response, whose body breaks off where a message in it has more than 10 MB: the limit that the official client
 * has for processes. In a stream of events, which may go on for ever, a message ends with a blank line.
 */
export function limitBody(response: Response, onTooLong: (error: Error) => void): Response {
  const { body, headers } = response
  if (!body) return response
  const isStream = !!headers.get('content-type')?.startsWith('text/event-stream')
  let bytes = 0
  let isLineEmpty = false
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      for (const byte of chunk) {
        bytes++
        const endsLine = isStream && byte === 10
        if (endsLine && isLineEmpty) bytes = 0
        isLineEmpty = endsLine || (isLineEmpty && byte === 13)
      }
      if (bytes <= maxBytes) return controller.enqueue(chunk)
      const error = new Error(`Its answer has more than ${maxBytes} bytes.`)
      onTooLong(error)
      controller.error(error)
    },
  })
  return new Response(body.pipeThrough(limit), response)
}
