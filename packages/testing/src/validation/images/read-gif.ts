import type { ImageSize } from './image-size.ts'

const introducers = { extension: 0x21, image: 0x2c }

/** A screen, and at least one whole image. @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
export function readGIF(bytes: DataView): ImageSize | undefined {
  const version = bytes.getUint16(4)
  if (bytes.getUint32(0) !== 0x47494638 || (version !== 0x3761 && version !== 0x3961)) return undefined
  const size = { width: bytes.getUint16(6, true), height: bytes.getUint16(8, true) }
  for (let at = 13 + colorsAt(bytes, 10); ; ) {
    const kind = bytes.getUint8(at)
    if (kind === introducers.image) {
      const data = at + 10 + colorsAt(bytes, at + 9) + 1
      return bytes.getUint8(data) > 0 && skipBlocks(bytes, data) > 0 ? size : undefined
    }
    if (kind !== introducers.extension) return undefined
    at = skipBlocks(bytes, at + 2)
  }
}

/** How many bytes a table of colours takes, by the field that says whether there is one. */
function colorsAt(bytes: DataView, at: number): number {
  const field = bytes.getUint8(at)
  return field & 0x80 ? 3 * 2 ** ((field & 7) + 1) : 0
}

function skipBlocks(bytes: DataView, from: number): number {
  let at = from
  while (bytes.getUint8(at) > 0) at += bytes.getUint8(at) + 1
  return at + 1
}
