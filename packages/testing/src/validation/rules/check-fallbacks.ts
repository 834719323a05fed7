import type { MessageParam } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'

/** What a model that declined has left behind, and the one that took over does not know. */
const omitted = ['thinking', 'redacted_thinking', 'tool_use']

/**
 * That of an answer in which a fallback took over only what may stay comes back.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback#continuing-the-conversation
 * @throws {Rejection}
 */
export function checkFallbacks(messages: readonly MessageParam[]): void {
  for (const [index, { content }] of messages.entries()) {
    const blocks: readonly { type: string }[] = typeof content === 'string' ? [] : content
    const last = blocks.findLastIndex(({ type }) => type === 'fallback')
    const wrong = blocks.findIndex(({ type }, at) => at < last && omitted.includes(type))
    if (wrong === -1) continue
    throw invalidRequest(
      `messages.${index}.content.${wrong}: \`${blocks[wrong]?.type}\` blocks before a \`fallback\` block must be left out when the turn is sent back`,
    )
  }
}
