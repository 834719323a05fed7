import type { CassetteChunk } from './cassette.ts'
import type { Redact } from './redaction.ts'
import { cut, findSecrets } from './secrets.ts'

/** What came at once, as it came. */
export interface RawChunk {
  waitMs: number
  bytes: Uint8Array
}

/**
 * The chunks of a body as a cassette keeps them. Credentials are looked for in the bytes of the whole body, since a chunk may
 * end in the middle of one.
 *
 * @param redact takes more out of what is text
 */
export function toCassetteChunks(
  chunks: readonly RawChunk[],
  secrets: readonly string[],
  redact: Redact,
): CassetteChunk[] {
  const whole = chunks.map(({ bytes }) => latin1(bytes)).join('')
  const cuts = findSecrets(whole, secrets)
  let from = 0
  return chunks.map(({ waitMs, bytes }) => {
    const to = from + bytes.length
    const clean = cut(whole, cuts, from, to)
    from = to
    return toCassetteChunk(bytesOf(clean), waitMs, redact)
  })
}

export function bytesOfChunk([, text, encoding]: CassetteChunk): Uint8Array<ArrayBuffer> {
  return encoding === undefined ? new TextEncoder().encode(text) : bytesOf(atob(text))
}

function toCassetteChunk(bytes: Uint8Array, waitMs: number, redact: Redact): CassetteChunk {
  try {
    return [waitMs, redact(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))]
  } catch {
    return [waitMs, btoa(latin1(bytes)), 'base64']
  }
}

/** A character for each byte. */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
