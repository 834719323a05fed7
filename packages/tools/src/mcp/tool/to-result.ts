import type { ToolResultContent } from '@enjamb/core'
import { imageType, maxImageBytes } from '../../image-format.ts'

const maxImages = 20
/** Of a part that is not known: it may be long, and stand before what is. */
const maxUnknownChars = 1_000
/** Twice as much as an image may have: there may be line breaks in it. */
const maxEncodedChars = 2 * maxImageBytes

type Item = { readonly [key: string]: unknown }

/**
 * What a server answered, as the API takes it: each part for itself. What the model cannot be shown (sounds, files that are
 * neither text nor image, images that the API would refuse, which would spoil the history for good, and what is not known
 * here) is told in words.
 *
 * @throws {Error} the tool says that it failed: with its text, since the API takes nothing else in a result that is one
 */
export function toResult(answer: unknown): ToolResultContent[] | undefined {
  const { content, structuredContent, isError, _meta, resultType, ...rest } = Object(answer) as Item
  let images = 0
  const blocks = [content ?? []].flat().map((item: unknown) => {
    const block = toBlock(typeof item === 'string' ? { type: 'text', text: item } : Object(item))
    const tooMany = block.type === 'image' && ++images > maxImages
    return tooMany ? note(`an image: ${maxImages} are the most in one result`) : block
  })
  if (!blocks.length && structuredContent !== undefined) blocks.push(text(JSON.stringify(structuredContent)))
  if (!blocks.length && Object.keys(rest).length) blocks.push(text(JSON.stringify(rest)))
  if (!isError) return blocks.length ? blocks : undefined
  const words = blocks.map((block) => (block.type === 'text' ? block.text : '[An image]')).join('\n')
  throw new Error(words.trim() || 'It does not say why.')
}

function toBlock(item: Item): ToolResultContent {
  const { type, data, resource, uri } = item
  const mimeType = typeof item.mimeType === 'string' ? item.mimeType : undefined
  if (type === 'text' && typeof item.text === 'string') return text(item.text)
  if (type === 'image' && typeof data === 'string') return toImage(mimeType ?? 'an image', data)
  if (type === 'audio' && typeof data === 'string') return toFile(mimeType ?? 'a sound', data)
  if (type === 'resource_link' && typeof uri === 'string') {
    const told = [uri, item.name, mimeType, item.description].filter((one) => one && typeof one === 'string')
    return text(`[Resource, not read: ${told.join(', ')}]`)
  }
  if (type === 'resource' && resource) return toResource(resource as Item) ?? toUnknown(item)
  return toUnknown(item)
}

function toResource({ uri, mimeType, text: words, blob }: Item): ToolResultContent | undefined {
  const address = typeof uri === 'string' ? uri : 'without an address'
  if (typeof words === 'string') return text(`[Resource ${address}]\n${words}`)
  if (typeof blob !== 'string') return undefined
  return toImage(`${typeof mimeType === 'string' ? mimeType : 'a file'} ${address}`, blob)
}

function toUnknown(item: Item): ToolResultContent {
  const shown = JSON.stringify(item)
  return note(
    `content of a kind that is not known: ${shown.slice(0, maxUnknownChars)}${shown.length > maxUnknownChars ? '…' : ''}`,
  )
}

function toImage(what: string, data: string): ToolResultContent {
  if (data.length > maxEncodedChars) return toFile(what, data)
  try {
    const bytes = atob(data)
    const array = new Uint8Array(bytes.length)
    for (let at = 0; at < bytes.length; at++) array[at] = bytes.charCodeAt(at)
    const media_type = imageType(array)
    if (!media_type) return toFile(what, data)
    // The API is stricter than atob about line breaks and padding.
    return { type: 'image', source: { type: 'base64', media_type, data: btoa(bytes) } }
  } catch (error) {
    return note(`${what}: ${(error as Error).message}`)
  }
}

function toFile(what: string, data: string): ToolResultContent {
  return note(`${what}, about ${Math.floor((data.length * 3) / 4)} bytes`)
}

function note(what: string): ToolResultContent {
  return text(`[Not shown: ${what}]`)
}

function text(words: string): ToolResultContent & { type: 'text' } {
  return { type: 'text', text: words }
}
