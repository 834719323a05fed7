import { StreamParseError } from '../../../errors/connection/stream-parse-error.ts'
import { crc32 } from './crc32.ts'

/** A message of an event stream. Its bytes are views, valid as long as the callback runs. */
export interface EventStreamMessage {
  /** Still packed: `parseEventHeaders` reads them. */
  readonly headers: Uint8Array
  readonly payload: Uint8Array
}

/** Where messages go, and how large one may be. */
export interface EventStreamDecoderOptions {
  onMessage(message: EventStreamMessage): void
  /** The largest single message. Default: what AWS allows, a payload of 16 MiB and headers of 128 KiB. */
  maxMessageBytes?: number | undefined
}

/** Takes a body of AWS's event stream apart, in chunks as they come. */
export interface EventStreamDecoder {
  /** @throws {StreamParseError} a checksum or a length is wrong, or a message too large; then nothing more may be pushed */
  push(chunk: Uint8Array): void
  /** How many bytes were copied: those of messages that chunks cut, once each. */
  readonly copiedBytes: number
}

/** Two lengths and their checksum. */
const preludeBytes = 12
/** And the checksum at the end. */
const leastBytes = 16
const mostBytes = 2 ** 24 + 2 ** 17 + leastBytes

/**
 * Takes AWS's binary event streams apart, in place: a message that lies in one chunk is not copied. Checks both checksums
 * of each message, and its lengths before any room is made for it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
export function createEventStreamDecoder(options: EventStreamDecoderOptions): EventStreamDecoder {
  const { onMessage, maxMessageBytes = mostBytes } = options
  /** What has come of a message that a chunk cut: a place for its prelude first, then for all of it. */
  let held = new Uint8Array(preludeBytes)
  let heldBytes = 0
  let copiedBytes = 0

  /** Copies as much of a chunk as still fits into the place, and gives how much that was. */
  function hold(chunk: Uint8Array): number {
    const part = chunk.subarray(0, held.length - heldBytes)
    held.set(part, heldBytes)
    heldBytes += part.length
    copiedBytes += part.length
    return part.length
  }

  /** Goes on with the message that is held, and gives how much of the chunk that took. */
  function resume(chunk: Uint8Array): number {
    let at = hold(chunk)
    if (heldBytes < held.length) return at
    if (heldBytes === preludeBytes) {
      const whole = new Uint8Array(messageBytes(held, maxMessageBytes))
      whole.set(held)
      held = whole
      at += hold(chunk.subarray(at))
      if (heldBytes < held.length) return at
    }
    onMessage(toMessage(held))
    held = new Uint8Array(preludeBytes)
    heldBytes = 0
    return at
  }

  return {
    get copiedBytes() {
      return copiedBytes
    },
    push(chunk) {
      let at = heldBytes ? resume(chunk) : 0
      while (at < chunk.length) {
        const rest = chunk.subarray(at)
        const length = rest.length < preludeBytes ? Number.POSITIVE_INFINITY : messageBytes(rest, maxMessageBytes)
        if (length > rest.length) {
          at += resume(rest)
        } else {
          onMessage(toMessage(rest.subarray(0, length)))
          at += length
        }
      }
    },
  }
}

/** A number of four bytes, the highest first. */
function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** How long the message is whose prelude this begins with. */
function messageBytes(prelude: Uint8Array, most: number): number {
  if (crc32(prelude.subarray(0, 8)) !== uint32(prelude, 8)) {
    throw new StreamParseError('The event stream is damaged: the checksum of a message prelude is wrong.')
  }
  const length = uint32(prelude, 0)
  if (uint32(prelude, 4) > length - leastBytes || length < leastBytes) {
    throw new StreamParseError(`The event stream is damaged: a message of ${length} bytes cannot hold its headers.`)
  }
  if (length > most) throw new StreamParseError(`A message of ${length} bytes is beyond the limit of ${most}.`)
  return length
}

function toMessage(bytes: Uint8Array): EventStreamMessage {
  const end = bytes.length - 4
  if (crc32(bytes.subarray(0, end)) !== uint32(bytes, end)) {
    throw new StreamParseError('The event stream is damaged: the checksum of a message is wrong.')
  }
  const headersEnd = preludeBytes + uint32(bytes, 4)
  return { headers: bytes.subarray(preludeBytes, headersEnd), payload: bytes.subarray(headersEnd, end) }
}
