import {
  answerStart,
  type ContentBlockParam,
  type Message,
  type MessageParam,
  openServerCalls,
  type ToolUseBlock,
  toSendable,
} from '@enjamb/core'

/**
 * A history without server tools' calls that a prompt follows in place of their results, as where a run failed while a
 * paused reply was to be continued. Beside calls of the caller's they may be open.
 */
export function closePauses(messages: readonly MessageParam[]): MessageParam[] {
  return messages.flatMap((message, index) => {
    const { content } = message
    if (messages[index + 1]?.role !== 'user' || typeof content === 'string' || toolUses(message).length)
      return [message]
    if (!openServerCalls(content).size) return [message]
    const closed = toSendable(content, () => true, true)
    return closed.length ? [{ role: 'assistant', content: closed }] : []
  })
}

/** The calls that a message asks for. */
export function toolUses(message: { content: string | readonly ContentBlockParam[] } | undefined): ToolUseBlock[] {
  const content = message?.content
  return Array.isArray(content) ? content.slice(answerStart(content)).filter((block) => block.type === 'tool_use') : []
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

interface ToolChange {
  type: string
  tool?: { name?: string; definition?: { name: string } }
}

/** The names of tools that a system message in the history took away, and none gave back. */
export function withdrawnTools(messages: readonly MessageParam[]): Set<unknown> {
  const names = new Set<unknown>()
  for (const message of messages) {
    if (message.role !== 'system' || typeof message.content === 'string') continue
    for (const { type, tool } of message.content as unknown as ToolChange[]) {
      const name = tool?.name ?? tool?.definition?.name
      if (type === 'tool_removal') names.add(name)
      else names.delete(name)
    }
  }
  return names
}
