import { apiErrorFromBody } from '../errors/api-error-from-body.ts'
import { ConnectionError } from '../errors/connection-error.ts'

const maxErrorLength = 65_536

/**
 * Lets a successful response pass, its body untouched.
 *
 * @throws {APIError} of the class that fits the answer
 * @throws {ConnectionError} the host redirects elsewhere
 */
export async function assertOk(response: Response, url: string): Promise<void> {
  const { ok, status, headers } = response
  if (ok) return
  const text = await readStart(response)
  if (status < 400)
    throw new ConnectionError(`${url} redirects to ${headers.get('location')}: set baseURL to that host.`)
  throw apiErrorFromBody(text, status, headers)
}

/** The body's first 64 KiB, or as much of it as arrives: half an explanation is better than none. */
async function readStart({ body }: Response): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += part.value
      if (text.length >= maxErrorLength) await reader?.cancel()
    }
  } catch {}
  return text.slice(0, maxErrorLength)
}
