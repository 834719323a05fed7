import type { OutgoingResponse } from './outgoing-response.ts'

export function jsonResponse(value: unknown, headers: Record<string, string>): OutgoingResponse {
  return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
