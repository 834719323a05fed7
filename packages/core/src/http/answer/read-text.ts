import { readerOf, startTimer } from '#platform'
import { asConnectionError } from './as-connection-error.ts'

/**
 * Reads a body as text: all of it, or its first `maxLength` characters.
 *
 * @param patienceMs after so much time, what has arrived is enough, and also where no more will; 0 means that it is not
 * @throws {ConnectionError} the body broke off
 */
export async function readText(response: Response, maxLength: number, patienceMs = 0): Promise<string> {
  let text = ''
  let stop = () => {}
  try {
    // Not every platform's bodies come in pieces.
    const reader = readerOf(response)
    if (!reader) return (await response.text()).slice(0, maxLength)
    if (patienceMs) stop = startTimer(patienceMs, () => reader.cancel())
    const decoder = new TextDecoder()
    let value: Uint8Array | undefined
    do {
      value = (await reader.read()).value
      text += decoder.decode(value, { stream: !!value })
    } while (value && text.length <= maxLength)
    // What is closed already has nothing to say about being closed.
    reader.cancel().catch(() => {})
  } catch (error) {
    if (!patienceMs) throw asConnectionError(error, response.url)
  }
  stop()
  return text.slice(0, maxLength)
}
