import type { ToolResultBlockParam, ToolResultContent, ToolUseBlockParam } from '@enjamb/core'

/** What a tool's result is made of on the wire; absent where the tool returned nothing. */
export type ToolResultBody = ToolResultBlockParam['content']

/**
 * What a tool returned, as the API takes it: text and blocks as they are, nothing as nothing, any other value as JSON.
 * Text beyond `maxChars` characters in all is cut, and the model is told.
 *
 * @throws {TypeError} the value cannot be written as JSON
 */
export function toResultBody(value: unknown, maxChars = 200_000): ToolResultBody {
  let told = false
  const limit = (text: string) => {
    const shown = text.slice(0, maxChars)
    const isCut = shown !== text
    // The API refuses blank text; and once is enough, however many blocks there are.
    if (!text.trim() || (isCut && told)) return ''
    maxChars -= shown.length
    told = isCut
    return isCut ? `${shown}\n[Cut: ${shown.length} of ${text.length} characters are shown.]` : text
  }
  const parts = [value].flat()
  if (!parts.length || !parts.every(isBlock))
    return limit(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  return parts
    .map((block) => (block.type === 'text' ? { ...block, text: limit(block.text) } : block))
    .filter((block) => block.type !== 'text' || block.text)
}

/** The block that answers a call. Its parts stand in one order, so that the same result is the same bytes. */
export function resultBlock(call: ToolUseBlockParam, content: ToolResultBody, isError?: boolean): ToolResultBlockParam {
  return {
    type: 'tool_result',
    tool_use_id: call.id,
    ...(content?.length && { content }),
    ...(isError && { is_error: true }),
    ...(call.toolset_name && { toolset_name: call.toolset_name }),
  }
}

/**
 * A value of the tool's own may have a `type`, too, so the part that makes a block of it must be there. Editors have
 * nodes just like blocks of text, with fields for which the API would refuse this request and all that follow.
 */
function isBlock(value: unknown): value is ToolResultContent {
  const { type, text, source, content, tool_name } = Object(value) as { [key: string]: unknown }
  if (type === 'text')
    return (
      typeof text === 'string' &&
      Object.keys(Object(value)).every((key) => /^(type|text|citations|cache_control)$/.test(key))
    )
  if (type === 'image' || type === 'document') return typeof Object(source).type === 'string'
  if (type === 'search_result') return Array.isArray(content)
  return type === 'tool_reference' ? !!tool_name : type === 'browser_state'
}
