import type { Message, ToolUseBlock } from '@enjamb/core'
import { callBlock, debugLine, responseBlock, resultBlock, thinkingBlock } from './log-blocks.ts'

/** A block of any kind, known or not. */
interface Block {
  readonly type: string
  readonly [key: string]: unknown
}

/** A reply as the log has it, block by block, with those of tools that the API ran itself. */
export function replyBlocks(message: Message): string {
  const blocks = (message.content ?? []) as unknown as Block[]
  return blocks.map(blockText).join('')
}

/** The calls that are answered by us. */
export function callsOf(message: Message): ToolUseBlock[] {
  return (message.content ?? []).filter((block) => block.type === 'tool_use')
}

/** What was said, without thoughts and tools. */
export function textsOf(message: Message): string[] {
  return (message.content ?? []).flatMap((block) => (block.type === 'text' && block.text.trim() ? block.text : []))
}

function blockText(block: Block): string {
  const { type, name, input, content } = block
  if (type === 'text') return responseBlock(`${block.text}`)
  if (type === 'thinking') return thinkingBlock(`${block.thinking ?? ''}`)
  if (type === 'redacted_thinking') return thinkingBlock('(redacted)')
  if (type.endsWith('tool_use')) return callBlock(`${name}`, input)
  if (type.endsWith('tool_result')) return resultBlock(content, isFailed(block))
  return debugLine(type)
}

function isFailed({ is_error, content }: Block): boolean {
  return is_error === true || `${Object(content).type}`.endsWith('_error')
}
