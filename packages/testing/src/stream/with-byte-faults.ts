import type { TurnFaults } from '../script/turn-faults.ts'
import type { BodyPart } from './body-part.ts'

/** A body with what befalls its bytes, whatever they mean: one corrupted, all in small chunks, the end missing. */
export function withByteFaults(parts: Iterable<BodyPart>, faults: TurnFaults): Iterable<BodyPart> {
  const { corruptAtByte, chunkBytes, chunkDelayMs = 0, cutAfterBytes } = faults
  if (corruptAtByte === undefined && chunkBytes === undefined && cutAfterBytes === undefined) return parts
  let body: Iterable<BodyPart> = inBytes(parts)
  if (corruptAtByte !== undefined) body = corrupted(body, corruptAtByte)
  if (chunkBytes !== undefined) body = chunked(body, Math.max(1, chunkBytes), chunkDelayMs)
  if (cutAfterBytes !== undefined) body = cutOff(body, cutAfterBytes)
  return body
}

/** What befalls bytes befalls those of a text, too. */
function* inBytes(parts: Iterable<BodyPart>): Generator<BodyPart> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part
}

function* corrupted(parts: Iterable<BodyPart>, at: number): Generator<BodyPart> {
  let before = 0
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      const byte = part[at - before]
      if (byte !== undefined) part[at - before] = byte ^ 0xff
      before += part.length
    }
    yield part
  }
}

function* chunked(parts: Iterable<BodyPart>, bytes: number, waitMs: number): Generator<BodyPart> {
  for (const part of parts) {
    if (!(part instanceof Uint8Array)) {
      yield part
      continue
    }
    for (let at = 0; at < part.length; at += bytes) {
      if (waitMs > 0) yield { waitMs }
      yield part.subarray(at, at + bytes)
    }
  }
}

function* cutOff(parts: Iterable<BodyPart>, after: number): Generator<BodyPart> {
  let left = after
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      if (left > 0) yield part.subarray(0, left)
      left -= part.length
      if (left <= 0) return yield { cut: true }
    } else {
      yield part
    }
  }
}
