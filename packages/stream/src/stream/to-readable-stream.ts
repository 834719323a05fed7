import type { MessageStream } from './message-stream.ts'

/**
 * The body's bytes as they came: a proxy relays them without encoding again. They are read as they are asked for; to
 * cancel it aborts the request.
 *
 * @param onError puts what fails into it in another way than as its error
 * @throws {ConfigError} the stream is being read already
 */
export function toReadableStream(
  stream: MessageStream,
  onError = (controller: ReadableStreamDefaultController<Uint8Array>, error: unknown) => controller.error(error),
): ReadableStream<Uint8Array> {
  const chunks = stream.chunks()
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value } = await chunks.next()
          if (value) controller.enqueue(value)
          else controller.close()
        } catch (error) {
          onError(controller, error)
        }
      },
      cancel: (reason) => stream.abort(reason),
    },
    { highWaterMark: 0 },
  )
}
