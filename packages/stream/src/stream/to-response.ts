import { APIError } from '@enjamb/core'
import type { MessageStream } from './message-stream.ts'
import { toReadableStream } from './to-readable-stream.ts'

/**
 * A `text/event-stream` response with the bytes as they came. It exists before the API has answered, so its status is
 * 200 unless `init` has another, and a failure becomes an `error` event in it, of the API's own form: with the message of
 * an {@link APIError}, and of any other error only that the answer broke off.
 *
 * @throws {ConfigError} the stream is being read already
 */
export function toResponse(stream: MessageStream, init: ResponseInit = {}): Response {
  const headers = new Headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value)
  })
  const body = toReadableStream(stream, (controller, error) => {
    // Other errors are about this side, whose hosts and settings are nothing for the other.
    const { type = 'api_error', message } = error instanceof APIError ? error : { message: 'The answer broke off.' }
    const data = JSON.stringify({ type: 'error', error: { type, message } })
    controller.enqueue(new TextEncoder().encode(`event: error\ndata: ${data}\n\n`))
    controller.close()
  })
  return new Response(body, { ...init, headers })
}
