import { Buffer } from 'node:buffer'

/** The end of what a process has printed, in bounded memory. */
export interface OutputTail {
  /** Copies the bytes. */
  push(chunk: Uint8Array): void
  /** Bytes pushed so far. */
  readonly total: number
  /** Bytes pushed so far, less those of a last character that is not complete yet. */
  readonly whole: number
  /**
   * The text between the bytes `from` and `to`, by default all: the last `maxBytes` of it at most, and how many bytes
   * before that are left out.
   */
  read(from?: number, maxBytes?: number, to?: number): { text: string; dropped: number }
}

// A line that was cut in front is left out, unless it is longer than this.
const maxPartialLine = 1_000

/**
 * Keeps the last `maxBytes` of what is pushed. Memory is at most twice that, and grows to it only as needed; every byte
 * is copied twice at most on the average, however small the chunks are.
 */
export function createOutputTail(maxBytes: number): OutputTail {
  let buffer = Buffer.alloc(0)
  /** How much of the buffer is filled; the last bytes in it are the last that came. */
  let filled = 0
  let total = 0

  const makeRoom = (bytes: number) => {
    const kept = buffer.subarray(Math.max(0, filled - maxBytes), filled)
    const wanted = Math.min(2 * maxBytes, Math.max(4_096, 2 * (kept.length + bytes)))
    if (wanted > buffer.length) buffer = Buffer.concat([kept], wanted)
    else kept.copy(buffer)
    filled = kept.length
  }

  return {
    push(chunk) {
      total += chunk.length
      const bytes = chunk.length > maxBytes ? chunk.subarray(chunk.length - maxBytes) : chunk
      if (filled + bytes.length > buffer.length) makeRoom(bytes.length)
      buffer.set(bytes, filled)
      filled += bytes.length
    },
    get total() {
      return total
    },
    get whole() {
      return total - brokenBytes(buffer.subarray(Math.max(0, filled - 3), filled))
    },
    read(from = 0, most = maxBytes, to = total) {
      const wanted = Math.max(0, to - from)
      const end = Math.max(0, filled - (total - to))
      const bytes = buffer.subarray(end - Math.min(wanted, end, maxBytes, most), end)
      const shown = bytes.length < wanted ? bytes.subarray(firstWhole(bytes)) : bytes
      return { text: shown.toString(), dropped: wanted - shown.length }
    },
  }
}

/** Where the first whole line begins; in a very long line, the first whole character. */
function firstWhole(bytes: Buffer): number {
  const line = bytes.indexOf('\n') + 1
  if (line && line <= maxPartialLine && line < bytes.length) return line
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80)
  return Math.max(0, start)
}

/** How many bytes at the end begin a character of UTF-8 that is longer. */
function brokenBytes(end: Buffer): number {
  const start = end.findLastIndex((byte) => (byte & 0xc0) !== 0x80)
  const first = end[start] ?? 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  const there = end.length - start
  return start >= 0 && there < length ? there : 0
}
