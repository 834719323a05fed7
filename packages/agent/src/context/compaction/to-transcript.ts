import type { ContentBlockParam, MessageParam } from '@enjamb/core'

/** What a result, or a block that is none of ours, is worth in a summary. */
const maxChars = 12_000

/** A history as text, message by message: for a model that is to read it in pieces. Thinking and pictures are left out. */
export function toTranscript(messages: readonly MessageParam[]): string[] {
  const names = new Map<string, string>()
  return messages.map(({ role, content }) => {
    const blocks: readonly ContentBlockParam[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : content
    const parts = blocks.map((block) => toText(block, names)).filter(Boolean)
    return `${role.toUpperCase()}\n${parts.join('\n')}\n`
  })
}

function toText(block: ContentBlockParam, names: Map<string, string>): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'thinking':
    case 'redacted_thinking':
      return ''
    case 'image':
      return '[an image]'
    case 'document':
      return block.source.type === 'text'
        ? shorten(block.source.data)
        : `[a document${block.title ? `: ${block.title}` : ''}]`
    case 'tool_use':
      names.set(block.id, block.name)
      return `[calls ${block.name}: ${shorten(JSON.stringify(block.input))}]`
    case 'tool_result': {
      const name = names.get(block.tool_use_id) ?? 'a tool'
      const parts = [block.content ?? 'nothing'].flat()
      const text = parts.map((part) => (typeof part === 'string' ? part : toText(part as ContentBlockParam, names)))
      return `[${name} ${block.is_error ? 'failed' : 'returned'}: ${shorten(text.join('\n'))}]`
    }
    default:
      return `[${block.type}: ${shorten(JSON.stringify(block))}]`
  }
}

/** The beginning says what it is, the end how it ended. */
function shorten(text: string): string {
  if (text.length <= maxChars) return text
  return `${text.slice(0, (maxChars * 3) / 4)}\n[…]\n${text.slice(-maxChars / 4)}`
}
