import type { ToolResultContent } from '@enjamb/core'
import type { CallToolResult } from '@modelcontextprotocol/client'
import { imageType } from '../../image-format.ts'

type Content = CallToolResult['content'][number]

const maxImages = 20

/**
 * What a server answered, as the API takes it. What the model cannot be shown (sounds, files that are neither text nor
 * image, images that the API would refuse, which would spoil the history for good) is told in words.
 *
 * @throws {Error} the tool says that it failed: with its text, since the API takes nothing else in a result that is one
 */
export function toResult({ content, structuredContent, isError }: CallToolResult): ToolResultContent[] | undefined {
  let images = 0
  const blocks = content.map((item) => {
    const block = toBlock(item)
    const tooMany = block.type === 'image' && ++images > maxImages
    return tooMany ? note(`an image: ${maxImages} are the most in one result`) : block
  })
  if (!blocks.length && structuredContent !== undefined) blocks.push(text(JSON.stringify(structuredContent)))
  if (!isError) return blocks.length ? blocks : undefined
  const words = blocks.map((block) => (block.type === 'text' ? block.text : '[An image]')).join('\n')
  throw new Error(words.trim() || 'It does not say why.')
}

function toBlock(item: Content): ToolResultContent {
  if (item.type === 'text') return text(item.text)
  if (item.type === 'image') return toImage(item.mimeType, item.data)
  if (item.type === 'audio') return toFile(item.mimeType, item.data)
  if (item.type === 'resource_link') {
    const { name, uri, mimeType, description } = item
    return text(`[Resource, not read: ${[uri, name, mimeType, description].filter(Boolean).join(', ')}]`)
  }
  const { resource } = item
  if ('text' in resource) return text(`[Resource ${resource.uri}]\n${resource.text}`)
  return toImage(`${resource.mimeType ?? 'a file'} ${resource.uri}`, resource.blob)
}

function toImage(what: string, data: string): ToolResultContent {
  try {
    const bytes = atob(data)
    const media_type = imageType(Uint8Array.from(bytes, (char) => char.charCodeAt(0)))
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
