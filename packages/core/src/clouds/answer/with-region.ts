import { readJSON } from '../../http/answer/read-json.ts'
import { readerOf } from '../../http/answer/reader-of.ts'
import type { Message } from '../../wire/index.ts'
import { toBodyResponse } from './to-body-response.ts'

/** The start of a message stands within so many bytes, or nowhere. */
const maxStartBytes = 1_048_576

/**
 * An answer whose usage says in which region of a cloud it was made, as the API's own says `us`: what is kept in a region
 * costs a tenth more, and the usage goes wherever it is priced.
 *
 * @param region with its cloud before it, as `vertex-europe-west1`
 */
export async function withRegion(response: Response, region: string): Promise<Response> {
  if (!response.headers.get('content-type')?.includes('event-stream')) {
    const message = await readJSON<Message>({ response })
    return toBodyResponse(response, JSON.stringify(inRegion(message, region)))
  }
  const reader = readerOf(response)
  if (!reader) return response
  const mark = markStart(region)
  return toBodyResponse(response, {
    async read() {
      for (;;) {
        const { value } = await reader.read()
        const marked = mark(value)
        if (marked || !value) return { value: marked }
      }
    },
    cancel: (reason) => reader.cancel(reason),
    releaseLock() {},
  })
}

/** The same message, made in a region. */
export function inRegion<T extends { usage?: object }>(message: T, region: string): T {
  return message.usage ? { ...message, usage: { ...message.usage, inference_geo: region } } : message
}

/**
 * Marks the event that starts a message, and passes on all bytes behind it as they are.
 *
 * @returns the next bytes; `undefined` where there are none, or not yet
 */
function markStart(region: string): (chunk: Uint8Array | undefined) => Uint8Array | undefined {
  let held: Uint8Array | undefined = new Uint8Array()
  return (chunk) => {
    if (!held) return chunk
    const bytes: Uint8Array = chunk ? join(held, chunk) : held
    // A character that is not whole yet can only stand behind the line, where no place is counted.
    const start = /^data:.*"message_start".*$/m.exec(decoder.decode(bytes))
    const isWhole = start && start.index + start[0].length < start.input.length
    held = isWhole || !chunk || bytes.length > maxStartBytes ? undefined : bytes
    if (held) return undefined
    if (!isWhole) return bytes.length ? bytes : undefined
    const before = encoder.encode(start.input.slice(0, start.index)).length
    const after = before + encoder.encode(start[0]).length
    const marked = encoder.encode(`data: ${markEvent(start[0].slice(5), region)}`)
    return join(bytes.subarray(0, before), marked, bytes.subarray(after))
  }
}

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = /* @__PURE__ */ new TextEncoder()

function join(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function markEvent(data: string, region: string): string {
  const event = JSON.parse(data) as { type?: unknown; message?: object }
  if (event.type !== 'message_start' || !event.message) return data
  return JSON.stringify({ ...event, message: inRegion(event.message, region) })
}
