import { fetchDirect } from '#platform'
import type { Client } from '../client/client.ts'
import type { OutgoingRequest } from '../client/middleware.ts'

/** Sends a request, and follows no redirect. */
export async function fetchResponse(
  client: Client,
  { method, url, headers, body, signal }: OutgoingRequest,
): Promise<Response> {
  return fetchDirect(client, client.fetch, url, { method, headers, body, signal } as RequestInit)
}
