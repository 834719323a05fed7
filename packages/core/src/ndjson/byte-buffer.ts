/** Bytes that arrive in pieces and are wanted in one. */
export interface ByteBuffer {
  readonly length: number
  append(bytes: Uint8Array): void
  /** A view on what has been appended, valid until the next `append` or `clear`. */
  view(): Uint8Array
  clear(): void
}

const smallest = 4096
// A buffer that one huge piece needed is not kept for the small ones that follow.
const largestKept = 1_048_576

/** The room doubles when it runs out, so each byte is copied at most three times in all, however small the pieces. */
export function createByteBuffer(): ByteBuffer {
  let room = new Uint8Array(0)
  let length = 0

  return {
    get length() {
      return length
    },
    append(bytes) {
      const needed = length + bytes.length
      if (needed > room.length) {
        const larger = new Uint8Array(Math.max(smallest, room.length * 2, needed))
        larger.set(room.subarray(0, length))
        room = larger
      }
      room.set(bytes, length)
      length = needed
    },
    view: () => room.subarray(0, length),
    clear() {
      length = 0
      if (room.length > largestKept) room = new Uint8Array(0)
    },
  }
}
