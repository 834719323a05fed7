import type { BodyReader } from '../../../http/answer/body-reader.ts'
import { inRegion } from '../../answer/with-region.ts'
import { createEventStreamDecoder, type EventStreamMessage } from './create-event-stream-decoder.ts'
import { decodeBase64 } from './decode-base64.ts'
import { errorEvent } from './error-event.ts'
import { parseEventHeaders } from './parse-event-headers.ts'

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder()
const payloadStart = /* @__PURE__ */ encoder.encode('{"bytes":"')
const eventStart = /* @__PURE__ */ encoder.encode('{"type":"')
const frameEnd = /* @__PURE__ */ encoder.encode('\n\n')
const [newline, carriageReturn, space, quote, equals] = [10, 13, 32, 34, 61]

/**
 * The API's stream of events for one of Bedrock, whose messages have the same events in them. Each read gives the events of
 * one chunk together, and nothing is read ahead.
 *
 * @param region what the start of the message is to say, where that is kept in a region
 */
export function sseFromEventStream(reader: BodyReader, region: string | undefined): BodyReader {
  const writer = createWriter(region)
  const { push } = createEventStreamDecoder({ onMessage: writer.write })
  /** Why there can be no more events. */
  let failure: { readonly error: unknown } | undefined
  return {
    async read() {
      for (;;) {
        if (failure) throw failure.error
        const { value } = await reader.read()
        if (!value) return {}
        writer.begin(value.length)
        try {
          push(value)
        } catch (error) {
          // What stands before the damage has arrived.
          failure = { error }
        }
        const written = writer.end()
        if (written.length) return { value: written }
      }
    },
    cancel: (reason) => reader.cancel(reason),
    releaseLock() {},
  }
}

function createWriter(region: string | undefined) {
  let out = new Uint8Array(0)
  let length = 0
  /** Where an event is decoded before its type is known. */
  let scratch = new Uint8Array(4_096)
  // Nearly all messages have the headers of the one before, and nearly all events its type.
  let lastHeaders = new Uint8Array(0)
  let lastKind: ReadonlyMap<string, string> = new Map()
  let lastStart = new Uint8Array(0)
  let lastName = new Uint8Array(0)
  let isStart = false

  function append(bytes: Uint8Array): void {
    if (length + bytes.length > out.length) {
      const larger = new Uint8Array(2 * (length + bytes.length))
      larger.set(out.subarray(0, length))
      out = larger
    }
    out.set(bytes, length)
    length += bytes.length
  }

  function kindOf(headers: Uint8Array): ReadonlyMap<string, string> {
    if (headers.length !== lastHeaders.length || !startsWith(headers, lastHeaders)) {
      lastKind = parseEventHeaders(headers)
      lastHeaders = headers.slice()
    }
    return lastKind
  }

  /** The event that a payload holds, in the scratch. */
  function decode(payload: Uint8Array): Uint8Array {
    if (scratch.length < payload.length) scratch = new Uint8Array(2 * payload.length)
    if (startsWith(payload, payloadStart)) {
      const { end, written } = decodeBase64(payload, payloadStart.length, scratch, 0)
      if (payload[end] === quote || payload[end] === equals) return scratch.subarray(0, written)
    }
    // Written in another way, as with an escape or another member first.
    const { bytes } = Object(JSON.parse(decoder.decode(payload))) as { bytes?: unknown }
    return scratch.subarray(0, decodeBase64(encoder.encode(String(bytes ?? '')), 0, scratch, 0).written)
  }

  function writeEvent(event: Uint8Array): void {
    if (!lastStart.length || !startsWith(event, lastStart)) {
      const name = nameOf(event)
      // Without a type, as what keeps a connection alive, it is no event of the API.
      if (!name) return
      lastStart = encoder.encode(`{"type":"${name}"`)
      lastName = encoder.encode(`event: ${name}\ndata: `)
      isStart = name === 'message_start'
    }
    append(lastName)
    append(isStart && region ? encoder.encode(markedStart(event, region)) : event)
    append(frameEnd)
  }

  return {
    begin(bytes: number): void {
      // Base64 is a third longer than what it says, which leaves room for the names.
      out = new Uint8Array(bytes + 256)
      length = 0
    },
    write({ headers, payload }: EventStreamMessage): void {
      const kind = kindOf(headers)
      if (kind.get(':message-type') !== 'event') append(encoder.encode(errorEvent(kind, decoder.decode(payload))))
      else if (kind.get(':event-type') === 'chunk') writeEvent(onOneLine(decode(payload)))
    },
    end: (): Uint8Array => out.subarray(0, length),
  }
}

function markedStart(event: Uint8Array, region: string): string {
  const start = JSON.parse(decoder.decode(event)) as { message?: object }
  return JSON.stringify(start.message ? { ...start, message: inRegion(start.message, region) } : start)
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length) return false
  for (let at = 0; at < start.length; at++) if (bytes[at] !== start[at]) return false
  return true
}

/** JSON has line breaks between its parts alone, where a space says the same. */
function onOneLine(json: Uint8Array): Uint8Array {
  for (const byte of [newline, carriageReturn]) {
    for (let at = json.indexOf(byte); at >= 0; at = json.indexOf(byte, at)) json[at] = space
  }
  return json
}

/** The type of an event, where it is one that can be the name of a frame. */
function nameOf(event: Uint8Array): string | undefined {
  const end = startsWith(event, eventStart) ? event.indexOf(quote, eventStart.length) : -1
  const type: unknown =
    end < 0
      ? (Object(JSON.parse(decoder.decode(event))) as { type?: unknown }).type
      : decoder.decode(event.subarray(eventStart.length, end))
  return typeof type === 'string' && /^\w+$/.test(type) ? type : undefined
}
