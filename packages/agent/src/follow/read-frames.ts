import { StreamParseError, startTimer } from '@enjamb/core'
import { createSSEParser } from '@enjamb/stream'

/** A server-sent event, decoded. */
export interface Frame {
  event: string
  data: string
  id: string
  retry: number | undefined
}

/**
 * What a server sends, until it ends or the connection breaks. `onSilence` is called where nothing came for so long.
 *
 * @throws {StreamParseError} it sends no events
 */
export async function* readFrames(
  { headers, body }: Response,
  silenceMs: number,
  onSilence: () => void,
): AsyncGenerator<Frame, void> {
  if (!body || !/^text\/event-stream/.test(headers.get('content-type') ?? '')) {
    throw new StreamParseError('The server sends no events: is this the address of a session?')
  }
  let frames: Frame[] = []
  const decoder = new TextDecoder()
  const parser = createSSEParser({
    onFrame: ({ data, ...frame }) => void frames.push({ ...frame, data: decoder.decode(data) }),
  })
  const reader = body.getReader()
  for (;;) {
    const stop = startTimer(silenceMs, onSilence)
    const { value } = await reader
      .read()
      .catch(() => ({ value: undefined }))
      .finally(stop)
    if (!value) return
    parser.push(value)
    yield* frames
    frames = []
  }
}
