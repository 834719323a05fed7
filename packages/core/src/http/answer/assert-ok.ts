import { ConfigError } from '../../errors/config-error.ts'
import { startTimer } from '../../start-timer.ts'
import { apiErrorFromBody } from './api-error-from-body.ts'

const maxErrorLength = 65_536
const maxErrorMs = 5_000

/**
 * Lets a successful response pass, its body untouched.
 *
 * @throws {APIError} of the class that fits the answer
 * @throws {ConfigError} the host redirects elsewhere
 */
export async function assertOk(response: Response): Promise<void> {
  const { ok, status, headers } = response
  if (ok) return
  const text = await readStart(response)
  if (status < 400) throw new ConfigError(`baseURL must not redirect to ${headers.get('location')}.`)
  throw apiErrorFromBody(text, status, headers)
}

/** The body's first 64 KiB, or as much of it as arrives in 5 s: half an explanation is better than none. */
async function readStart({ body }: Response): Promise<string> {
  let text = ''
  let stopTimer = () => {}
  try {
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
    stopTimer = startTimer(maxErrorMs, () => reader.cancel())
    while (text.length < maxErrorLength) {
      const { done, value } = await reader.read()
      if (done) break
      text += value
    }
    await reader.cancel()
  } catch {}
  stopTimer()
  return text.slice(0, maxErrorLength)
}
