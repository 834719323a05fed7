import type { Base64ImageSource } from '@enjamb/core'

export type ImageType = Base64ImageSource['media_type']

/** The API takes 5 MiB of base64, so three quarters of that in bytes. */
export const maxImageBytes = (5 * 1024 * 1024 * 3) / 4
/** The API takes no image with a longer side. */
const maxPixels = 8_000

/**
 * The format of an image, known by its bytes, whatever its name says; `undefined` if it is none of PNG, JPEG, GIF and WebP.
 * What the API would refuse must not get into a history, where it would fail every later request; so sizes are read, and the
 * parts that an image is made of, with their checksums where there are some, gone through to its end.
 *
 * @throws {Error} for the model: it is too large, or broken
 */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const format = formats.find(({ start }) => start.test(latin1(bytes, 0, 16)))
  if (!format) return undefined
  if (bytes.length > maxImageBytes) {
    throw new Error(`The image has more than the ${maxImageBytes} bytes that can be shown. Make it smaller.`)
  }
  const [width, height] = tried(format.size, bytes) ?? [0, 0]
  if (!width || !height) throw broken()
  if (Math.max(width, height) > maxPixels) {
    throw new Error(
      `The image is ${width} x ${height} pixels; at most ${maxPixels} a side can be shown. Make it smaller.`,
    )
  }
  if (!tried(format.isWhole, bytes)) throw broken()
  return format.type
}

function broken(): Error {
  return new Error('The image is broken or cut off.')
}

/** Is it the start of an image? */
export function isImage(start: Uint8Array): boolean {
  return formats.some((format) => format.start.test(latin1(start, 0, 16)))
}

/** Its width and height, as the beginning of an image says them, whether the rest is there or not; zeros where it does not. */
export function imageSize(start: Uint8Array): Size {
  const format = formats.find((one) => one.start.test(latin1(start, 0, 16)))
  return (format && tried(format.size, start)) ?? [0, 0]
}

export type Size = readonly [width: number, height: number]

interface Format {
  type: ImageType
  start: RegExp
  // Reading beyond the end throws.
  size(view: DataView, bytes: Uint8Array): Size
  /** Is there a picture in it, and its end? */
  isWhole(view: DataView, bytes: Uint8Array): boolean
}

const formats: readonly Format[] = [
  { type: 'image/png', start: /^\x89PNG\r\n.\n/, size: pngSize, isWhole: isWholePNG },
  {
    type: 'image/gif',
    start: /^GIF8[79]a/,
    size: (view) => [view.getUint16(6, true), view.getUint16(8, true)],
    isWhole: isWholeGIF,
  },
  { type: 'image/jpeg', start: /^\xff\xd8\xff/, size: jpegSize, isWhole: isWholeJPEG },
  { type: 'image/webp', start: /^RIFF.{4}WEBP/s, size: webpSize, isWhole: isWholeWebP },
]

function tried<Result>(work: (view: DataView, bytes: Uint8Array) => Result, bytes: Uint8Array): Result | undefined {
  try {
    return work(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes)
  } catch {
    return undefined
  }
}

function pngSize(view: DataView): Size {
  return [view.getUint32(16), view.getUint32(20)]
}

/**
 * Chunks follow each other, each with its length, name and checksum; the last is IEND, and those named IDAT are the picture,
 * packed by zlib.
 *
 * @see https://www.w3.org/TR/png-3/#5Chunk-layout
 */
function isWholePNG(view: DataView, bytes: Uint8Array): boolean {
  let hasPicture = false
  for (let at = 8; ; ) {
    const length = view.getUint32(at)
    const name = latin1(bytes, at + 4, at + 8)
    // A small letter first: all decoders do without such a chunk, and real images have them with wrong checksums.
    const isAncillary = view.getUint8(at + 4) & 32
    const isRight = view.getUint32(at + 8 + length) === checksum(bytes.subarray(at + 4, at + 8 + length))
    if (!isRight && !isAncillary) return false
    if (at === 8 && name !== 'IHDR') return false
    if (name === 'IDAT' && length && !hasPicture) {
      if ((view.getUint8(at + 8) & 15) !== 8 || (length > 1 && view.getUint16(at + 8) % 31)) return false
      hasPicture = true
    }
    if (name === 'IEND') return hasPicture
    at += 12 + length
  }
}

const crcTable = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  return crc
})

/** CRC-32, as PNG has it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]!
  return (crc ^ 0xffffffff) >>> 0
}

/**
 * Behind the header, and a table of colours if it says so, come extensions (`!`) and pictures (`,`), whose data stand in blocks
 * with their lengths; `;` is the end.
 *
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
function isWholeGIF(view: DataView): boolean {
  const table = (flags: number) => (flags & 128 ? 3 << ((flags & 7) + 1) : 0)
  const blocksEnd = (start: number) => {
    let at = start
    for (let length = view.getUint8(at); length; length = view.getUint8(at)) at += 1 + length
    return at + 1
  }
  let hasPicture = false
  for (let at = 13 + table(view.getUint8(10)); ; ) {
    const kind = view.getUint8(at)
    if (kind === 0x3b) return hasPicture
    if (kind === 0x21) at = blocksEnd(at + 2)
    else if (kind === 0x2c) {
      const data = at + 11 + table(view.getUint8(at + 9))
      at = blocksEnd(data)
      hasPicture ||= at > data + 1
    } else return false
  }
}

/** Segments follow each other, each with its length; a frame header (SOF) is the first that knows the size. */
function jpegSize(view: DataView): Size {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return [0, 0]
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at++
    // C4, C8 and CC lie among the frame headers, and are none.
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)]
    } else at += 2 + view.getUint16(at + 2)
  }
}

/** The picture stands behind the segment SOS, and ends with the marker EOI. @see ITU-T T.81, B.2 */
function isWholeJPEG(view: DataView, bytes: Uint8Array): boolean {
  for (let at = 2; ; ) {
    const marker = view.getUint8(at + 1)
    if (view.getUint8(at) !== 0xff) return false
    if (marker === 0xff) at++
    else {
      at += 2 + view.getUint16(at + 2)
      if (marker !== 0xda) continue
      for (let end = bytes.lastIndexOf(0xd9); end > at + 1; end = bytes.lastIndexOf(0xd9, end - 1)) {
        if (bytes[end - 1] === 0xff) return true
      }
      return false
    }
  }
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(view: DataView, bytes: Uint8Array): Size {
  if (view.getUint32(4, true) > bytes.length - 8) return [0, 0]
  const kind = latin1(bytes, 12, 16)
  const uint24 = (at: number) => view.getUint16(at, true) + 65_536 * view.getUint8(at + 2)
  if (kind === 'VP8X') return [uint24(24) + 1, uint24(27) + 1]
  if (kind === 'VP8 ') return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]
  if (kind !== 'VP8L') return [0, 0]
  const bits = view.getUint32(21, true)
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
}

/** Chunks follow each other, each with its length. A picture may stand in a frame of an animation. */
function isWholeWebP(view: DataView, bytes: Uint8Array): boolean {
  const end = 8 + view.getUint32(4, true)
  for (let at = 12; at < end; ) {
    const name = latin1(bytes, at, at + 4)
    const length = view.getUint32(at + 4, true)
    if (at + 8 + length > bytes.length) return false
    if (name === 'VP8 ') return length > 10 && latin1(bytes, at + 11, at + 14) === '\x9d\x01\x2a'
    if (name === 'VP8L') return length > 5 && view.getUint8(at + 8) === 0x2f
    if (name === 'ANMF') return length > 24
    at += 8 + length + (length % 2)
  }
  return false
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}
