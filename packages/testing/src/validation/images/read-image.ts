import type { ImageSize } from './image-size.ts'
import { readGIF } from './read-gif.ts'
import { readJPEG } from './read-jpeg.ts'
import { readPNG } from './read-png.ts'
import { readWebP } from './read-webp.ts'

export interface Image extends ImageSize {
  mediaType: string
}

const readers: [mediaType: string, read: (bytes: DataView) => ImageSize | undefined][] = [
  ['image/png', readPNG],
  ['image/jpeg', readJPEG],
  ['image/gif', readGIF],
  ['image/webp', readWebP],
]

/** What an image is, by its content; `undefined` where a decoder could make no picture of it. */
export function readImage(bytes: Uint8Array): Image | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [mediaType, read] of readers) {
    try {
      const size = read(view)
      if (size && size.width > 0 && size.height > 0) return { mediaType, ...size }
    } catch (error) {
      // A place past the end: the image is cut off.
      if (!(error instanceof RangeError)) throw error
    }
  }
  return undefined
}
