import type { Client } from '../client/client.ts'
import { inBrowser } from '../client/in-browser.ts'
import type { OutgoingRequest } from '../client/middleware.ts'

/** Clients whose server has answered by itself. */
const direct = /* @__PURE__ */ new WeakSet<Client>()

/**
 * Sends a request, and follows no redirect: it would carry the key to another host.
 *
 * As long as a redirect might show where it leads, Node's `fetch` holds a second copy of the request beside an answer:
 * the bytes of its body and 8.6 kB, a quarter of what an open stream takes. Not where a redirect is an error; so it is
 * one to whoever has answered without, and is asked for again should there be one after all.
 */
export async function fetchResponse(
  client: Client,
  { method, url, headers, body, signal }: OutgoingRequest,
): Promise<Response> {
  const ask = (redirect: RequestRedirect) =>
    (client.fetch ?? fetch)(url, { method, headers, body, signal, redirect } as RequestInit)
  // A browser's error would not say that it was a redirect, and a fetch that was passed in may know no such mode.
  if (direct.has(client) && !client.fetch && !inBrowser()) {
    try {
      return await ask('error')
    } catch (error) {
      // Workers refuse the mode itself, by its name.
      if (!/redirect/i.test(`${error}${(error as Error).cause}`)) throw error
    }
  }
  const response = await ask('manual')
  if (response.ok) direct.add(client)
  return response
}
