import type { ImageSize } from './image-size.ts'

/** Segments up to the first scan, a frame among them, then data to the end of the image. @see ITU T.81, B.2 */
export function readJPEG(bytes: DataView): ImageSize | undefined {
  if (bytes.getUint16(0) !== 0xffd8) return undefined
  let size: ImageSize | undefined
  for (let at = 2; ; ) {
    if (bytes.getUint8(at) !== 0xff) return undefined
    const marker = bytes.getUint8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xd9) return undefined
    const length = bytes.getUint16(at + 2)
    // A frame of any coding; the others between are tables.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      size = { height: bytes.getUint16(at + 5), width: bytes.getUint16(at + 7) }
    }
    at += 2 + length
    if (marker === 0xda) return size && hasScan(bytes, at) ? size : undefined
  }
}

function hasScan(bytes: DataView, from: number): boolean {
  for (let at = from; at < bytes.byteLength - 1; at++) {
    if (bytes.getUint8(at) === 0xff && bytes.getUint8(at + 1) === 0xd9) return at > from
  }
  return false
}
