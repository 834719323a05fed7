import { errorBody, toOpenAIError } from '../openai-error.ts'

/** How the pieces of an answer are written as server-sent events. */
export interface Frames {
  of(piece: object): string
  readonly end: string
  error(error: unknown): string
}

export const completionFrames: Frames = {
  of: (piece) => `data: ${JSON.stringify(piece)}\n\n`,
  end: 'data: [DONE]\n\n',
  error: (error) => `data: ${JSON.stringify(errorBody(toOpenAIError(error)))}\n\n`,
}

export const responseFrames: Frames = {
  of: (piece) => `event: ${(piece as { type: string }).type}\ndata: ${JSON.stringify(piece)}\n\n`,
  end: '',
  error(error) {
    const { message, param, code } = toOpenAIError(error)
    return responseFrames.of({ type: 'error', message, param, code, ...errorBody(toOpenAIError(error)) })
  },
}

/** Server-sent events; what fails before the first piece is thrown, to become an error of its own status. */
export async function streamResponse(
  pieces: AsyncGenerator<object, void>,
  frames: Frames,
  abort: (reason: unknown) => void,
): Promise<Response> {
  const encoder = new TextEncoder()
  let held: IteratorResult<object, void> | undefined = await pieces.next()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = held ?? (await pieces.next())
          held = undefined
          const frame = done ? frames.end : frames.of(value)
          if (frame) controller.enqueue(encoder.encode(frame))
          if (done) controller.close()
        } catch (error) {
          controller.enqueue(encoder.encode(frames.error(error)))
          controller.close()
        }
      },
      async cancel(reason) {
        abort(reason)
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } })
}
