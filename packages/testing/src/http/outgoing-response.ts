import type { Bytes } from '../bytes.ts'
import { type BodyPart, bodyOf } from '../stream/body-part.ts'

/** A response before a platform gets hold of it. */
export interface OutgoingResponse {
  status: number
  headers: Record<string, string>
  /** `null` for none. */
  body: string | Bytes | Iterable<BodyPart> | null
}

/** As `fetch` gives it. */
export function toResponse({ status, headers, body }: OutgoingResponse, signal: AbortSignal): Response {
  const isWhole = body === null || typeof body === 'string' || body instanceof Uint8Array
  return new Response(isWhole ? body : bodyOf(body[Symbol.iterator](), signal), { status, headers })
}
