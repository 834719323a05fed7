import type { ContentBlockParam, Message, MessageParam, ToolUseBlock } from '@enjamb/core'

/**
 * The blocks of a reply that can be sent back. The API refuses blank text, thinking without its signature or at the very
 * end, a call without its result, two calls of one id, and, where the turn is `over`, a server tool's call without its
 * result, with the calls that its code made. Of what a model wrote before it declined and another one answered, neither
 * its thinking nor its calls are sent back.
 */
export function toSendable(
  blocks: readonly ContentBlockParam[],
  isAnswered: (id: string) => boolean,
  over: boolean,
): ContentBlockParam[] {
  const open = openIn(blocks)
  const start = answerStart(blocks)
  const seen = new Set<string>()
  const kept = blocks.filter((block, index) => {
    const declined = index < start
    const { type } = block
    const isGone = (id: unknown) => (over || declined) && open.has(id)
    if (type === 'text') return block.text.trim()
    if (declined && /thinking$/.test(type)) return false
    if (type === 'thinking') return block.signature
    if (type !== 'tool_use') return !isGone((block as { id?: string }).id)
    const { id, caller } = block
    if (declined || seen.has(id) || isGone((caller as { tool_id?: string } | undefined)?.tool_id)) return false
    seen.add(id)
    return isAnswered(id)
  })
  while (kept.at(-1)?.type.endsWith('thinking')) kept.pop()
  return kept
}

/** A history with a reply at its end; together with a paused one that it continues, it is a single message. */
export function withReply(
  messages: readonly MessageParam[],
  blocks: readonly ContentBlockParam[],
  isAnswered: (id: string) => boolean = () => true,
  over = false,
): MessageParam[] {
  const last = messages.at(-1)
  const paused = last?.role === 'assistant' && typeof last.content === 'object' && last.content
  const before = paused ? messages.slice(0, -1) : [...messages]
  const content = toSendable([...(paused || []), ...blocks], isAnswered, over)
  return content.length ? [...before, { role: 'assistant', content }] : before
}

/**
 * A history without server tools' calls that a prompt follows in place of their results, as where a run failed while a
 * paused reply was to be continued. Beside calls of the caller's they may be open.
 */
export function closePauses(messages: readonly MessageParam[]): MessageParam[] {
  return messages.flatMap((message, index) => {
    const { content } = message
    if (messages[index + 1]?.role !== 'user' || typeof content === 'string' || toolUses(message).length)
      return [message]
    if (!openIn(content).size) return [message]
    const closed = toSendable(content, () => true, true)
    return closed.length ? [{ role: 'assistant', content: closed }] : []
  })
}

/** The ids of calls of server tools without their results among these blocks. */
function openIn(blocks: readonly ContentBlockParam[]): Set<unknown> {
  const open = new Set<unknown>()
  for (const block of blocks) {
    if (/_tool_use$/.test(block.type)) open.add((block as { id?: string }).id)
    if ('tool_use_id' in block) open.delete(block.tool_use_id)
  }
  return open
}

/** Where the model begins whose answer it is: those before it have declined. */
function answerStart(blocks: readonly ContentBlockParam[]): number {
  return blocks.map((block) => block.type as string).lastIndexOf('fallback') + 1
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
