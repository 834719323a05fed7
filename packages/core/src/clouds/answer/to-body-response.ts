import type { BodyReader } from '../../http/answer/body-reader.ts'

type ResponseHead = Pick<Response, 'status' | 'statusText' | 'url' | 'headers'>

/** A response with another body, and all else as it was. */
export function toBodyResponse(response: ResponseHead, body: string | BodyReader): Response {
  const headers = new Headers(response.headers)
  // They tell of the body that was.
  headers.delete('content-length')
  headers.delete('content-encoding')
  const { status, statusText, url } = response
  const whole = new Response(typeof body === 'string' ? body : toStream(body), { status, statusText, headers })
  return Object.defineProperty(whole, 'url', { value: url })
}

function toStream(reader: BodyReader): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value } = await reader.read()
        if (value) controller.enqueue(value)
        else controller.close()
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read that nobody asked for.
    { highWaterMark: 0 },
  )
}
