import type { ContentBlockParam, Message, MessageParam, ToolUseBlock } from '@enjamb/core'

/**
 * The blocks of a reply that can be sent back. The API refuses blank text, thinking without its signature or at the very
 * end, a call without its result, two calls of one id, and, where the turn is `over`, a server tool's call without its
 * result.
 */
export function toSendable(
  blocks: readonly ContentBlockParam[],
  isAnswered: (id: string) => boolean,
  over: boolean,
): ContentBlockParam[] {
  const isOpen = openIn(blocks)
  const kept = blocks.filter((block, index) => {
    if (block.type === 'text') return block.text.trim()
    if (block.type === 'thinking') return block.signature
    if (block.type !== 'tool_use') return !over || !isOpen(block)
    return isAnswered(block.id) && blocks.findIndex((one) => 'id' in one && one.id === block.id) === index
  })
  while (kept.at(-1)?.type.endsWith('thinking')) kept.pop()
  return kept
}

/**
 * A history without server tools' calls that a prompt follows in place of their results, as where a run failed while a
 * paused reply was to be continued. Beside calls of the caller's they may be open.
 */
export function closePauses(messages: MessageParam[]): MessageParam[] {
  return messages.flatMap((message, index) => {
    const { content } = message
    if (messages[index + 1]?.role !== 'user' || typeof content === 'string' || toolUses(message).length)
      return [message]
    if (!content.some(openIn(content))) return [message]
    const closed = toSendable(content, () => true, true)
    return closed.length ? [{ role: 'assistant', content: closed }] : []
  })
}

/** Tells calls of server tools without their results among these blocks. */
function openIn(blocks: readonly ContentBlockParam[]): (block: ContentBlockParam) => boolean {
  const results = new Set(blocks.map((block) => 'tool_use_id' in block && block.tool_use_id))
  return (block) => block.type === 'server_tool_use' && !results.has(block.id)
}

/** The calls that a message asks for. */
export function toolUses(message: { content: string | readonly ContentBlockParam[] } | undefined): ToolUseBlock[] {
  const content = message?.content
  return Array.isArray(content) ? content.filter((block) => block.type === 'tool_use') : []
}

/** The calls that a history ends with and that nobody has answered, as after a crash. */
export function openCalls(messages: readonly MessageParam[]): ToolUseBlock[] {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? toolUses(last) : []
}

/** Did the reply end because there was no more room? Its last block may be a part of one. */
export function isCutOff(message: Message | undefined): boolean {
  return message?.stop_reason === 'max_tokens' || message?.stop_reason === 'model_context_window_exceeded'
}
