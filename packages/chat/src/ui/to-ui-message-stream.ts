import { isEnjambError } from '@enjamb/core'
import type { Reply } from '../reply.ts'
import type { ReplyStream } from '../reply-stream.ts'
import { createUIChunks } from './create-ui-chunks.ts'
import type { UIMessageChunk } from './ui-message-chunk.ts'

/** Options of {@link toUIMessageStream}. */
export interface UIMessageOptions {
  /** The id of the message to come. Default: the reader makes one. */
  messageId?: string | undefined
  /** What the finished message has as its `metadata`: its usage and cost, say. */
  metadata?: ((reply: Reply) => unknown) | undefined
  /** Is given the finished answer, as to keep it, before the reader hears that it is finished; where it fails, the answer has. */
  onReply?: ((reply: Reply) => unknown) | undefined
  /** What the reader is told of an error. Default: that there was one, and nothing of what it says. */
  onError?: ((error: unknown) => string) | undefined
}

/**
 * An answer as the AI SDK's UI reads it (`useChat`, assistant-ui): text, thinking, calls of tools with their results, and
 * sources. It reads the stream in place of its text; where the reader leaves, the request ends.
 *
 * @see {@link toUIMessageResponse}
 */
export function toUIMessageStream(stream: ReplyStream, options: UIMessageOptions = {}): ReadableStream<UIMessageChunk> {
  const chunks = read(stream, options)
  return new ReadableStream<UIMessageChunk>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel(reason) {
        stream.abort(reason)
        await chunks.return()
      },
    },
    { highWaterMark: 0 },
  )
}

async function* read(
  stream: ReplyStream,
  { messageId, metadata, onReply, onError = () => 'An error occurred.' }: UIMessageOptions,
): AsyncGenerator<UIMessageChunk, void> {
  const chunks = createUIChunks()
  yield { type: 'start', ...(messageId !== undefined && { messageId }) }
  try {
    for await (const event of stream.source) yield* chunks.of(event)
    const { finishReason } = chunks
    const reply = (metadata || onReply) && (await stream.final())
    const messageMetadata = reply && metadata?.(reply)
    if (reply) await onReply?.(reply)
    yield { type: 'finish', finishReason, ...(messageMetadata !== undefined && { messageMetadata }) }
  } catch (error) {
    if (isEnjambError(error) && error.code === 'request_aborted') yield { type: 'abort' }
    else yield { type: 'error', errorText: onError(error) }
  }
}

/**
 * The same as the response of a server, for the client's `useChat`.
 *
 * @example
 * export async function POST(request: Request) {
 *   const { messages } = await request.json()
 *   return toUIMessageResponse(chat.stream(fromUIMessages(messages), { tools, signal: request.signal }))
 * }
 */
export function toUIMessageResponse(stream: ReplyStream, options: UIMessageOptions & ResponseInit = {}): Response {
  const { messageId, metadata, onReply, onError, ...init } = options
  const headers = new Headers(init.headers)
  const fixed = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'x-vercel-ai-ui-message-stream': 'v1',
    'x-accel-buffering': 'no',
  }
  for (const [name, value] of Object.entries(fixed)) headers.set(name, value)
  const encoder = new TextEncoder()
  const frames = new TransformStream<UIMessageChunk, Uint8Array>({
    transform: (chunk, controller) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`)),
    flush: (controller) => controller.enqueue(encoder.encode('data: [DONE]\n\n')),
  })
  return new Response(toUIMessageStream(stream, { messageId, metadata, onReply, onError }).pipeThrough(frames), {
    ...init,
    headers,
  })
}
