import { Refusal } from './refusal.ts'

/** Deeper than any prompt or decision, and far from where a stack ends. */
const deepest = 64

/**
 * The JSON object that a request brings.
 *
 * @throws {Refusal} it brings something else, or more
 */
export async function readBody(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  // Of another origin a page may send forms and plain text unasked, but not this.
  if (!/^application\/json *(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new Refusal(415, 'unsupported_media_type', 'The content-type must be application/json.')
  }
  const text = await readText(request, maxBytes)
  const value = text.trim() ? parse(text) : {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'bad_request', 'The body must be a JSON object.')
  }
  if (!isShallow(value, deepest)) throw new Refusal(400, 'bad_request', `The body is over ${deepest} levels deep.`)
  return value as Record<string, unknown>
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = new Refusal(413, 'too_large', `The body is over ${maxBytes} bytes.`)
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge
  if (!request.body) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = request.body.getReader()
  let text = ''
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      bytes += value.length
      if (bytes > maxBytes) throw tooLarge
      text += decoder.decode(value, { stream: true })
    }
  } catch (error) {
    reader.cancel().catch(() => {})
    throw error === tooLarge ? error : new Refusal(400, 'bad_request', 'The body is broken off, or no UTF-8.')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'bad_request', 'The body is no JSON.')
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}
