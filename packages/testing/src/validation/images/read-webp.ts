import type { ImageSize } from './image-size.ts'

const [riff, webp, lossy, lossless, extended] = ['RIFF', 'WEBP', 'VP8 ', 'VP8L', 'VP8X'].map(codeOf)
const frame = codeOf('ANMF')

/** A RIFF file with an image in it. @see https://developers.google.com/speed/webp/docs/riff_container */
export function readWebP(bytes: DataView): ImageSize | undefined {
  if (bytes.getUint32(0) !== riff || bytes.getUint32(8) !== webp) return undefined
  const end = 8 + bytes.getUint32(4, true)
  if (end > bytes.byteLength) return undefined
  let canvas: ImageSize | undefined
  for (let at = 12; at + 8 <= end; ) {
    const name = bytes.getUint32(at)
    const length = bytes.getUint32(at + 4, true)
    const data = at + 8
    if (data + length > end) return undefined
    if (name === extended) canvas = { width: 1 + uint24(bytes, data + 4), height: 1 + uint24(bytes, data + 7) }
    if (name === lossy) return canvas ?? lossySize(bytes, data)
    if (name === lossless) return canvas ?? losslessSize(bytes, data)
    if (name === frame) return canvas
    at = data + length + (length % 2)
  }
  return undefined
}

function lossySize(bytes: DataView, data: number): ImageSize | undefined {
  if (uint24(bytes, data + 3) !== 0x2a019d) return undefined
  return { width: bytes.getUint16(data + 6, true) & 0x3fff, height: bytes.getUint16(data + 8, true) & 0x3fff }
}

function losslessSize(bytes: DataView, data: number): ImageSize | undefined {
  if (bytes.getUint8(data) !== 0x2f) return undefined
  const bits = bytes.getUint32(data + 1, true)
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
}

function uint24(bytes: DataView, at: number): number {
  return bytes.getUint16(at, true) | (bytes.getUint8(at + 2) << 16)
}

function codeOf(name: string): number {
  return [...name].reduce((code, char) => code * 256 + char.charCodeAt(0), 0)
}
