import { apiErrorFromBody } from '../errors/api-error-from-body.ts'
import { ConnectionError } from '../errors/connection-error.ts'

const maxErrorBytes = 65_536

/**
 * Lets a successful response pass, its body untouched.
 *
 * @throws {APIError} of the class that fits the answer
 * @throws {ConnectionError} the host redirects elsewhere
 */
export async function assertOk(response: Response, url: string): Promise<void> {
  const { status, headers } = response
  if (response.ok) return
  if (status < 400) {
    await response.body?.cancel()
    const to = headers.get('location')
    throw new ConnectionError(`${url} redirects${to ? ` to ${to}` : ''}. Set baseURL to the address that answers.`)
  }
  throw apiErrorFromBody(await readStart(response), status, headers)
}

/** The body's first 64 KiB, or as much of it as arrives: half an explanation is better than none. */
async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let text = ''
  let bytes = 0
  try {
    while (reader && bytes < maxErrorBytes) {
      const { done, value } = await reader.read()
      if (done) break
      bytes += value.length
      text += decoder.decode(value, { stream: true })
    }
    await reader?.cancel()
  } catch {}
  return text.slice(0, maxErrorBytes)
}
