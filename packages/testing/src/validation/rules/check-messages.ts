import type { ContentBlockParam, MessageParam, MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import type { MockModel } from '../../models/mock-model.ts'

type Prompt = Pick<MessageParams, 'messages' | 'system' | 'thinking' | 'compaction'>

/**
 * Which messages there must be, and that none is empty.
 *
 * @throws {Rejection}
 */
export function checkMessages({ messages, system, compaction }: Prompt, model: MockModel): void {
  const [first] = messages
  if (!first) throw invalidRequest('messages: at least one message is required')
  if (first.role !== 'user') throw invalidRequest('messages: first message must use the "user" role')
  if (Array.isArray(system)) checkTexts('system', system)
  for (const [index, message] of messages.entries()) {
    if (message.role === 'system') checkSystem(messages, index, model)
    else checkContent(message, index, index === messages.length - 1)
  }
  // What is to be summed up may end in an answer, and nothing is added to that.
  if (!compaction) checkEnd(messages, model)
}

/** What a system message in mid-conversation may hold. */
const inSystem = ['text', 'tool_addition', 'tool_removal']

/** @see https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages */
function checkSystem(messages: MessageParam[], index: number, model: MockModel): void {
  const place = `messages.${index}`
  if (!model.systemMessages) throw invalidRequest(`${place}: role 'system' is not supported on this model`)
  const { content = [], output_config: config } = messages[index] as {
    content?: MessageParam['content']
    output_config?: object
  }
  if (content.length === 0 && Object.keys(config ?? {}).length === 0) {
    throw invalidRequest(`${place}: a \`system\` message must have content or \`output_config\``)
  }
  const blocks = typeof content === 'string' ? [] : content
  const wrong = blocks.findIndex(({ type }) => !inSystem.includes(type))
  if (wrong !== -1) {
    throw invalidRequest(
      `${place}.content.${wrong}: \`${blocks[wrong]?.type}\` blocks are not permitted in \`system\` messages`,
    )
  }
  checkTexts('messages', blocks)
  const [before, after] = [messages[index - 1], messages[index + 1]]
  if (!(before?.role === 'user' || endsInServerTool(before)) || (after && after.role !== 'assistant')) {
    throw invalidRequest(
      `${place}: a \`system\` message must immediately follow a \`user\` message or a server tool's result, and be the last ` +
        'message or be followed by an `assistant` message',
    )
  }
}

function endsInServerTool(message: MessageParam | undefined): boolean {
  if (message?.role !== 'assistant' || typeof message.content === 'string') return false
  return message.content.at(-1)?.type.endsWith('_tool_result') ?? false
}

function checkContent({ role, content }: MessageParam, index: number, isLast: boolean): void {
  if (content.length === 0 && !(isLast && role === 'assistant')) {
    throw invalidRequest(
      `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    )
  }
  if (typeof content === 'string') return
  checkTexts('messages', content)
  for (const [at, block] of content.entries()) {
    if (block.type === 'tool_result' && Array.isArray(block.content))
      checkResult(block.content, block.is_error, `${index}.content.${at}`)
  }
}

function checkResult(content: ContentBlockParam[] | unknown[], isError: boolean | undefined, place: string): void {
  checkTexts('messages', content as ContentBlockParam[])
  if (isError && (content as ContentBlockParam[]).some(({ type }) => type !== 'text')) {
    throw invalidRequest(`messages.${place}.tool_result: all content must be type \`text\` if \`is_error\` is true`)
  }
}

function checkTexts(place: string, blocks: readonly ContentBlockParam[]): void {
  for (const block of blocks) {
    if (block.type !== 'text') continue
    if (block.text === '') throw invalidRequest(`${place}: text content blocks must be non-empty`)
    if (block.text.trim() === '') throw invalidRequest(`${place}: text content blocks must contain non-whitespace text`)
  }
}

function checkEnd(messages: MessageParam[], model: MockModel): void {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return
  const block = typeof last.content === 'string' ? undefined : last.content.at(-1)
  // A turn that a server tool paused goes back as it is; a tool's call is the business of the pairing rule.
  if (block && block.type !== 'text') return
  if (!model.prefill) {
    throw invalidRequest(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    )
  }
  const text = typeof last.content === 'string' ? last.content : (block?.text ?? '')
  if (text !== text.trimEnd())
    throw invalidRequest('messages: final assistant content cannot end with trailing whitespace')
}
