import type { TurnFaults } from '../script/turn-faults.ts'
import type { BodyPart } from './body-part.ts'

/** A body with what befalls its bytes, whatever they mean: one corrupted, all in small chunks, the end missing. */
export function withByteFaults(parts: Iterable<BodyPart>, faults: TurnFaults): Iterator<BodyPart> {
  const { corruptAtByte, chunkBytes, chunkDelayMs = 0, cutAfterBytes } = faults
  let body = parts
  if (corruptAtByte !== undefined) body = corrupted(body, corruptAtByte)
  if (chunkBytes !== undefined) body = chunked(body, Math.max(1, chunkBytes), chunkDelayMs)
  if (cutAfterBytes !== undefined) body = cutOff(body, cutAfterBytes)
  return body[Symbol.iterator]()
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
      if (left <= 0) return yield 'cut'
    } else {
      yield part
    }
  }
}
