import type { Buffer } from 'node:buffer'
import type { ImageBlockParam } from '@enjamb/core'
import { imageType } from '../../image-format.ts'

/**
 * An image as the model can see it; `undefined` if it is none of PNG, JPEG, GIF and WebP.
 *
 * @throws {Error} for the model: it is too large, or broken
 */
export function toImageBlock(bytes: Buffer): ImageBlockParam | undefined {
  const media_type = imageType(bytes)
  if (!media_type) return undefined
  return { type: 'image', source: { type: 'base64', media_type, data: bytes.toString('base64') } }
}
