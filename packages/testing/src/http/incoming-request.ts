import type { Bytes } from '../bytes.ts'
/** A request as every way in hands it on: read, and with nothing of a platform's in it. */
export interface IncomingRequest {
  method: string
  /** `https://host`, for the links in answers. */
  origin: string
  /** Without the query. */
  path: string
  /** Without its `?`. */
  query: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  /** The whole body; `undefined` where it is past the limit. */
  body: Bytes | undefined
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** Reads a request of the platform's. What is past the limit of the body is not read. */
export async function toIncomingRequest(request: Request, maxBodyBytes: number): Promise<IncomingRequest> {
  const { origin, pathname, search } = new URL(request.url)
  return {
    method: request.method,
    origin,
    path: pathname,
    query: search.slice(1),
    headers: Object.fromEntries(request.headers),
    body: await readBody(request, maxBodyBytes),
    signal: request.signal,
  }
}

async function readBody(request: Request, maxBytes: number): Promise<Bytes | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return undefined
  const chunks: Bytes[] = []
  let length = 0
  const reader = request.body?.getReader()
  while (reader) {
    const { value, done } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
  return joinBytes(chunks, length)
}

/** Several pieces as one; a single piece is not copied. */
export function joinBytes(chunks: readonly Bytes[], length: number): Bytes {
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
