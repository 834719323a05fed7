import type { Buffer } from 'node:buffer'
import type { ImageBlockParam } from '@enjamb/core'

/** The API takes 5 MiB of base64, so three quarters of that in bytes. */
export const maxImageBytes = (5 * 1024 * 1024 * 3) / 4
/** The API takes no image with a longer side. */
const maxPixels = 8_000

/**
 * An image as the model can see it, known by its bytes, whatever its name says; `undefined` if it is none of PNG, JPEG,
 * GIF and WebP. What the API would refuse must not get into a history, where it would fail every later request; so sizes
 * are read, and ends looked for where a format has one that must be there.
 *
 * @throws {Error} for the model: it is too large, or broken
 */
export function toImageBlock(bytes: Buffer): ImageBlockParam | undefined {
  const format = formats.find(({ starts }) => starts(bytes))
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
  return { type: 'image', source: { type: 'base64', media_type: format.type, data: bytes.toString('base64') } }
}

/** Is it the start of an image? */
export function isImage(start: Buffer): boolean {
  return formats.some(({ starts }) => starts(start))
}

type Size = readonly [width: number, height: number]

interface Format {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  starts(bytes: Buffer): boolean
  /** Reading beyond the end throws. */
  size(bytes: Buffer): Size
}

const formats: readonly Format[] = [
  {
    type: 'image/png',
    starts: (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n',
    size: (bytes) => (bytes.includes('IEND') ? [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] : [0, 0]),
  },
  {
    type: 'image/gif',
    starts: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
    size: (bytes) => [bytes.readUInt16LE(6), bytes.readUInt16LE(8)],
  },
  { type: 'image/jpeg', starts: (bytes) => bytes.toString('latin1', 0, 3) === '\xff\xd8\xff', size: jpegSize },
  {
    type: 'image/webp',
    starts: (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString('latin1', 0, 12)),
    size: webpSize,
  },
]

function sizeOf(format: Format, bytes: Buffer): Size {
  try {
    return format.size(bytes)
  } catch {
    return [0, 0]
  }
}

/** Segments follow each other, each with its length; a frame header (SOF) is the first that knows the size. */
function jpegSize(bytes: Buffer): Size {
  for (let at = 2; ; ) {
    if (bytes.readUInt8(at) !== 0xff) return [0, 0]
    const marker = bytes.readUInt8(at + 1)
    if (marker === 0xff) at++
    // C4, C8 and CC lie among the frame headers, and are none.
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)]
    } else at += 2 + bytes.readUInt16BE(at + 2)
  }
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(bytes: Buffer): Size {
  if (bytes.readUInt32LE(4) > bytes.length - 8) return [0, 0]
  const kind = bytes.toString('latin1', 12, 16)
  if (kind === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1]
  if (kind === 'VP8 ') return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff]
  if (kind !== 'VP8L') return [0, 0]
  const bits = bytes.readUInt32LE(21)
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
}
