import type { CassetteChunk } from './cassette.ts'

export function toCassetteChunk(bytes: Uint8Array, waitMs: number, redact: (text: string) => string): CassetteChunk {
  try {
    return [waitMs, redact(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))]
  } catch {
    return [waitMs, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')), 'base64']
  }
}

export function bytesOfChunk([, text, encoding]: CassetteChunk): Uint8Array<ArrayBuffer> {
  if (encoding === undefined) return new TextEncoder().encode(text)
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
