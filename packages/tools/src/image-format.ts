import type { Base64ImageSource } from '@enjamb/core'

export type ImageType = Base64ImageSource['media_type']

/** The API takes 5 MiB of base64, so three quarters of that in bytes. */
export const maxImageBytes = (5 * 1024 * 1024 * 3) / 4
/** The API takes no image with a longer side. */
const maxPixels = 8_000

/**
 * The format of an image, known by its bytes, whatever its name says; `undefined` if it is none of PNG, JPEG, GIF and WebP.
 * What the API would refuse must not get into a history, where it would fail every later request; so sizes are read, and
 * ends looked for where a format has one that must be there.
 *
 * @throws {Error} for the model: it is too large, or broken
 */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const format = formats.find(({ start }) => start.test(latin1(bytes, 0, 16)))
  if (!format) return undefined
  if (bytes.length > maxImageBytes) {
    throw new Error(`The image has more than the ${maxImageBytes} bytes that can be shown. Make it smaller.`)
  }
  const [width, height] = sizeOf(format, bytes)
  if (!width || !height) throw new Error('The image is broken or cut off.')
  if (Math.max(width, height) > maxPixels) {
    throw new Error(
      `The image is ${width} x ${height} pixels; at most ${maxPixels} a side can be shown. Make it smaller.`,
    )
  }
  return format.type
}

/** Is it the start of an image? */
export function isImage(start: Uint8Array): boolean {
  return formats.some((format) => format.start.test(latin1(start, 0, 16)))
}

type Size = readonly [width: number, height: number]

interface Format {
  type: ImageType
  start: RegExp
  /** Reading beyond the end throws. */
  size(view: DataView, bytes: Uint8Array): Size
}

const formats: readonly Format[] = [
  { type: 'image/png', start: /^\x89PNG\r\n.\n/, size: pngSize },
  { type: 'image/gif', start: /^GIF8[79]a/, size: (view) => [view.getUint16(6, true), view.getUint16(8, true)] },
  { type: 'image/jpeg', start: /^\xff\xd8\xff/, size: jpegSize },
  { type: 'image/webp', start: /^RIFF.{4}WEBP/s, size: webpSize },
]

function sizeOf(format: Format, bytes: Uint8Array): Size {
  try {
    return format.size(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes)
  } catch {
    return [0, 0]
  }
}

/** Chunks follow each other, each with its length; the last is named IEND, and empty. */
function pngSize(view: DataView, bytes: Uint8Array): Size {
  for (let at = 8; latin1(bytes, at + 4, at + 8) !== 'IEND'; ) at += 12 + view.getUint32(at)
  return [view.getUint32(16), view.getUint32(20)]
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

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}
