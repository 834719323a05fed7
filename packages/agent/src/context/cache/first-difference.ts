import type { MessageParams, ToolUnion } from '@enjamb/core'

type Request = Partial<Pick<MessageParams, 'model' | 'tools' | 'system' | 'thinking' | 'tool_choice' | 'messages'>>

/**
 * Where a request leaves what the one before it began with, and the cache is missed: the first block that differs, as
 * `system[1]`, `tools: "Read"` or `messages[3].content[0]`. The order of keys counts, as it does for the API; marks for the
 * cache do not. In time that grows with what is not the very same object.
 *
 * @returns `undefined` where all of the earlier one is the beginning of the later
 */
export function firstDifference(before: Request, after: Request): string | undefined {
  if (before.model !== after.model) return 'model'
  const tools = firstOther(before.tools ?? [], after.tools ?? [], true)
  if (tools !== undefined) return `tools: "${nameOf((before.tools?.[tools] ?? after.tools?.[tools])!)}"`
  const system = firstOther(toBlocks(before.system ?? []), toBlocks(after.system ?? []), true)
  if (system !== undefined) return `system[${system}]`
  // What these are is cached with the messages.
  for (const name of ['thinking', 'tool_choice'] as const) {
    if (before.messages?.length && write(before[name]) !== write(after[name])) return name
  }
  return inMessages(before.messages ?? [], after.messages ?? [])
}

type Messages = MessageParams['messages']

function inMessages(before: Messages, after: Messages): string | undefined {
  for (const [index, message] of before.entries()) {
    const other = after[index]
    if (message === other) continue
    if (message.role !== other?.role) return `messages[${index}]`
    const isLast = index === before.length - 1
    const at = firstOther(toBlocks(message.content), toBlocks(other.content), !isLast)
    if (at !== undefined) return `messages[${index}].content[${at}]`
  }
  return undefined
}

/** @param whole whether more at the end is another, too */
function firstOther(before: readonly object[], after: readonly object[], whole: boolean): number | undefined {
  const at = before.findIndex((block, index) => block !== after[index] && write(block) !== write(after[index]))
  if (at >= 0) return at
  return whole && after.length > before.length ? before.length : undefined
}

/** As it is sent, but for its marks. */
function write(block: object | undefined): string | undefined {
  const { cache_control: _, content, ...rest } = (block ?? {}) as { cache_control?: unknown; content?: unknown }
  const parts = Array.isArray(content) ? content.map((part) => write(part)) : content
  return block && JSON.stringify([rest, parts])
}

function toBlocks(content: string | readonly object[]): readonly object[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function nameOf(tool: ToolUnion): string {
  return 'name' in tool ? tool.name : `${tool.type}`
}
