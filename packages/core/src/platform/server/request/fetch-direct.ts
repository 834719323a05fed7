import { ConfigError } from '../../../errors/config-error.ts'
import { bodyReader } from '../../../http/answer/body-reader.ts'
import type { Platform, Sender } from '../../platform.ts'
import { isPage } from '../is-page.ts'

/** Clients whose server has answered by itself. */
const direct = new WeakSet<Sender>()

/**
 * As long as a redirect might show where it leads, Node's `fetch` holds a second copy of the request beside an answer:
 * the bytes of its body and 8.6 kB, a quarter of what an open stream takes. Not where a redirect is an error; so it is
 * one to whoever has answered without, and is asked for again should there be one after all.
 *
 * @see https://github.com/nodejs/undici/issues/4058
 */
export const fetchDirect: Platform['fetchDirect'] = async (client, { method, url, headers, body, signal }) => {
  const ask = async (redirect: RequestRedirect) =>
    toWebResponse(await (client.fetch ?? fetch)(url, { method, headers, body, signal, redirect } as RequestInit))
  const isUpload = typeof body === 'object'
  // A browser's error would not say that it was a redirect, and a fetch that was passed in may know no such mode. But an
  // upload may be too large for a copy.
  if (!isPage() && (isUpload || (direct.has(client) && !client.fetch))) {
    try {
      return await ask('error')
    } catch (error) {
      // Workers refuse the mode itself, as an invalid one.
      const words = `${error}${(error as Error).cause}`
      if (!/redirect/i.test(words)) throw error
      if (isUpload && !/invalid/i.test(words)) throw new ConfigError('baseURL must not redirect.')
    }
  }
  const response = await ask('manual')
  if (response.ok) direct.add(client)
  return response
}

/** A fetch that was passed in may give bodies of Node's own kind, as the one of node-fetch does. */
function toWebResponse(response: Response): Response {
  // Whose body costs something to ask for is none of those.
  if (bodyReader in response || (response as unknown) instanceof Response) return response
  const { status, statusText, headers } = response
  const body = response.body as Partial<ReadableStream> | null | undefined
  if (!body || body.getReader || !(Symbol.asyncIterator in body)) return response
  return new Response(body as never, { status, statusText, headers: [...headers] as [string, string][] })
}
