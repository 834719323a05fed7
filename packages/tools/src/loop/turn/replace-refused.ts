import type { ContentBlockParam, MessageParam, ToolResultContent } from '@enjamb/core'

/**
 * The history without the block for which the API refused it, once: a picture, a document or search result is replaced by a
 * text that says so.
 *
 * @returns `undefined` where the error names no such block
 */
export function replaceRefused(messages: readonly MessageParam[], error: unknown): MessageParam[] | undefined {
  const { status, message, body } = Object(error)
  const where = `${message} ${body?.error?.details?.paths}`
  const path = status === 400 && /\bmessages\.(\d+)\.content\.(\d+)(?:\.(?:\w+\.)?content\.(\d+))?/.exec(where)
  if (!path) return undefined
  const [at, index, part] = path.slice(1)
  let found = false
  // A path that ends at a result is about all that is in it.
  const replace = (blocks: readonly ContentBlockParam[], index?: string): ContentBlockParam[] =>
    blocks.map((block, n) => {
      if (index && +index !== n) return block
      const { type } = block
      if (type === 'tool_result' && typeof block.content === 'object') {
        return { ...block, content: replace(block.content as ContentBlockParam[], part) as ToolResultContent[] }
      }
      if (!/^(image|document|search_result)$/.test(type)) return block
      found = true
      return { type: 'text', text: `[The API refused this ${type}, which is left out: ${message}]` }
    })
  const mended = messages.map((one, n) =>
    n === +at! && typeof one.content === 'object' ? { ...one, content: replace(one.content, index) } : one,
  ) as MessageParam[]
  return found ? mended : undefined
}
