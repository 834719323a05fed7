import type { ContentBlockParam, MessageParam } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'

/**
 * That each tool call is answered, once, at the beginning of the very next message, and nothing else is answered; and
 * that the API's own calls have their results before the next prompt. Beside calls that the caller answers they may wait.
 *
 * @see https://github.com/AnswerDotAI/lisette/issues/108
 * @throws {Rejection}
 */
export function checkToolPairing(messages: readonly MessageParam[]): void {
  const seen = new Set<string>()
  let open: string[] = []
  for (const [index, message] of messages.entries()) {
    const blocks = typeof message.content === 'string' ? [] : message.content
    checkAnswers(open, blocks, index)
    open = callsOf(message, blocks, index, seen)
    const isPaused = open.length > 0 || messages[index + 1]?.role !== 'user'
    if (message.role === 'assistant' && !isPaused) checkServerCalls(blocks, index)
  }
  if (open.length > 0) throw unanswered(open, messages.length - 1)
}

/** A call in a user message is as wrong as a result in an assistant one. */
function callsOf({ role }: MessageParam, blocks: ContentBlockParam[], index: number, seen: Set<string>): string[] {
  return blocks.flatMap((block, at) => {
    if (block.type !== 'tool_use') return []
    if (role !== 'assistant') {
      throw invalidRequest(`messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`)
    }
    if (seen.has(block.id)) throw invalidRequest(`messages.${index}.content.${at}: \`tool_use\` ids must be unique`)
    seen.add(block.id)
    return [block.id]
  })
}

function checkAnswers(open: string[], blocks: ContentBlockParam[], index: number): void {
  const asked = new Set(open)
  const answered = new Set<string>()
  let leading = true
  const inTime = new Set<string>()
  for (const [at, block] of blocks.entries()) {
    if (block.type !== 'tool_result') {
      leading = false
      continue
    }
    const id = block.tool_use_id
    if (!asked.has(id)) throw unexpected(id, `messages.${index}.content.${at}`)
    if (answered.has(id)) throw repeated(id, `messages.${index}.content.${at}`)
    answered.add(id)
    if (leading) inTime.add(id)
  }
  // A result behind other content does not stand immediately after its call.
  const missing = open.filter((id) => !inTime.has(id))
  if (missing.length > 0) throw unanswered(missing, index - 1)
}

function checkServerCalls(blocks: ContentBlockParam[], index: number): void {
  const answered = new Set(blocks.map((block) => 'tool_use_id' in block && block.tool_use_id))
  for (const block of blocks) {
    if (block.type !== 'server_tool_use' || answered.has(block.id)) continue
    const { name, id } = block
    throw invalidRequest(
      `messages.${index}: \`${name}\` tool use with id \`${id}\` was found without a corresponding \`${name}_tool_result\` block`,
    )
  }
}

function unanswered(ids: string[], index: number) {
  return invalidRequest(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. ` +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  )
}

function unexpected(id: string, place: string) {
  return invalidRequest(
    `${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
      'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
  )
}

function repeated(id: string, place: string) {
  return invalidRequest(
    `${place}: each \`tool_use\` must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
  )
}
