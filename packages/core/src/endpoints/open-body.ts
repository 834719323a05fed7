import type { Client } from '../client/client.ts'
import { type RequestOptions, send } from '../http/send.ts'
import { streamBody } from './stream-body.ts'

/** An answer whose body is read while it arrives. */
export interface OpenBody {
  readonly response: Response
  /** In place of the response's own. */
  readonly body: ReadableStream<Uint8Array>
  readonly signal: AbortSignal
}

/**
 * Asks for a body that outlives the request.
 *
 * @param begin reads as much of it as must be there before retries end
 */
export async function openBody<T>(
  client: Client,
  path: string,
  options: RequestOptions,
  begin: (opened: OpenBody) => Promise<T>,
): Promise<T> {
  const { signal: caller, idleTimeoutMs = client.idleTimeoutMs } = options
  const controller = new AbortController()
  // The caller's signal may live for days: it is let go when the body ends, once no further attempt needs to hear it.
  const onAbort = () => controller.abort(caller?.reason)
  const unlink = () => caller?.removeEventListener('abort', onAbort)
  let ended = false
  let begun = false
  if (caller?.aborted) onAbort()
  caller?.addEventListener('abort', onAbort)
  try {
    return await send(
      client,
      { method: 'GET', path, stream: true },
      { ...options, signal: controller.signal },
      (exchange) => {
        const { response, signal } = exchange
        ended = false
        const body = streamBody(exchange, idleTimeoutMs, () => {
          ended = true
          if (begun) unlink()
        })
        return begin({ response, body, signal })
      },
    )
  } catch (error) {
    ended = true
    throw error
  } finally {
    begun = true
    if (ended) unlink()
  }
}
