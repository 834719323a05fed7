import { ConfigError } from '../../errors/config-error.ts'
import { redact } from '../../errors/redact.ts'
import { apiErrorFromBody } from './api-error-from-body.ts'
import { readText } from './read-text.ts'

/**
 * Lets a successful response pass, its body untouched. Of another one it reads 64 KiB, or as much as arrives in 5 s: half
 * an explanation is better than none.
 *
 * @throws {APIError} of the class that fits the answer
 * @throws {ConfigError} the host redirects elsewhere
 */
export async function assertOk(response: Response): Promise<void> {
  const { ok, status, headers } = response
  if (ok) return
  const text = await readText(response, 65_536, 5_000)
  if (status < 400)
    throw new ConfigError(`baseURL must not redirect to ${redact(headers.get('location') ?? 'elsewhere')}.`)
  throw apiErrorFromBody(text, status, headers)
}
