import { invalidRequest, Rejection } from '../errors/rejection.ts'

/**
 * A request's whole body.
 *
 * @throws {Rejection} 413 past the limit; what is past it is not read
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = request.body?.getReader()
  while (reader) {
    const { value, done } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  return joined(chunks, length)
}

/** @throws {Rejection} 400 where the body is not a JSON object */
export function parseJSONObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalidRequest(`The request body is not valid JSON: ${(cause as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('Input should be a valid dictionary')
  }
  return value as Record<string, unknown>
}

function joined(chunks: Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

function tooLarge(): Rejection {
  return new Rejection('Request exceeds the maximum size', { type: 'request_too_large' })
}
