import type { ImageSize } from './image-size.ts'

const signature = [0x89504e47, 0x0d0a1a0a]
const names = { IHDR: 0x49484452, IDAT: 0x49444154, IEND: 0x49454e44 }

/** A header first, data, an end; each chunk with the sum that it should have. @see https://www.w3.org/TR/png-3/#5Chunk-layout */
export function readPNG(bytes: DataView): ImageSize | undefined {
  if (bytes.getUint32(0) !== signature[0] || bytes.getUint32(4) !== signature[1]) return undefined
  let size: ImageSize | undefined
  let hasData = false
  for (let at = 8; ; ) {
    const length = bytes.getUint32(at)
    const name = bytes.getUint32(at + 4)
    const end = at + 8 + length
    if (bytes.getUint32(end) !== checksum(bytes, at + 4, end)) return undefined
    if (!size && name !== names.IHDR) return undefined
    if (name === names.IHDR) size = { width: bytes.getUint32(at + 8), height: bytes.getUint32(at + 12) }
    if (name === names.IDAT && length > 0) hasData = true
    if (name === names.IEND) return hasData ? size : undefined
    at = end + 4
  }
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

function checksum(bytes: DataView, from: number, to: number): number {
  let sum = 0xffffffff
  for (let at = from; at < to; at++) sum = (table[(sum ^ bytes.getUint8(at)) & 0xff] ?? 0) ^ (sum >>> 8)
  return (sum ^ 0xffffffff) >>> 0
}
