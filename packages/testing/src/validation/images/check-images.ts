import type { MessageParams } from '@enjamb/core'
import { invalidRequest, Rejection } from '../../errors/rejection.ts'
import type { MockModel } from '../../models/mock-model.ts'
import { decodeBase64 } from './decode-base64.ts'
import type { ImageSize } from './image-size.ts'
import { readImage } from './read-image.ts'

interface FoundImage {
  place: string
  source: { type: string; media_type?: string; data?: string }
}

interface Measured extends ImageSize {
  place: string
}

/**
 * How many images a request may have, how large, and that each of them is one.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/vision
 * @throws {Rejection}
 */
export function checkImages({ messages }: Pick<MessageParams, 'messages'>, { images: limits }: MockModel): void {
  const found = messages.flatMap(({ content }, index) => imagesIn(content, `messages.${index}.content`))
  if (found.length > limits.max) {
    throw invalidRequest(`Too much media: 0 document pages + ${found.length} images > ${limits.max}`)
  }
  const sizes = found.flatMap((image) => measure(image))
  const isMany = found.length > limits.many
  const most = isMany ? limits.maxSidePixelsOfMany : limits.maxSidePixels
  const tooLarge = sizes.filter(({ width, height }) => Math.max(width, height) > most)
  if (tooLarge.length > 0) throw oversized(tooLarge, most, isMany)
}

function imagesIn(content: unknown, place: string): FoundImage[] {
  if (!Array.isArray(content)) return []
  return (
    content as { type: string; source?: FoundImage['source'] & { content?: unknown }; content?: unknown }[]
  ).flatMap(({ type, source, content: inner }, at) => {
    const here = `${place}.${at}.${type}`
    if (type === 'image' && source) return [{ place: `${here}.source.${source.type}`, source }]
    return imagesIn(type === 'document' ? source?.content : inner, `${here}.content`)
  })
}

function measure({ place, source }: FoundImage): Measured[] {
  if (source.type !== 'base64' || source.data === undefined) return []
  const bytes = decodeBase64(source.data)
  if (!bytes) throw invalidRequest(`${place}: invalid base64 data`)
  const image = readImage(bytes)
  if (!image) throw invalidRequest('Could not process image')
  if (image.mediaType !== source.media_type) {
    throw invalidRequest(`${place}.data: Image does not match the provided media type ${source.media_type}`)
  }
  return [{ place: `${place}.data`, ...image }]
}

function oversized(images: Measured[], most: number, isMany: boolean): Rejection {
  const which = isMany ? 'max allowed size for many-image requests' : 'max allowed size'
  const paths = images.map(({ place }) => place)
  const details = { error_code: 'image_dimensions_too_large', max_side_length_pixels: most, paths }
  return new Rejection(`${images[0]?.place}: At least one of the image dimensions exceed ${which}: ${most} pixels`, {
    type: 'invalid_request_error',
    details,
  })
}
