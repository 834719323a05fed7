import type { MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import { answeredBy, blocksOf, createPrefixHash } from '../../message/prefix-hash.ts'
import { checkSignature } from '../../message/sign-thinking.ts'
import type { MockModel } from '../../models/mock-model.ts'

/** Where a thinking block stood that was dropped. */
export interface DroppedThinking {
  message: number
  block: number
}

/**
 * That thinking blocks come back as they went out, behind what they were made after.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/preserved-thinking/prefix-checks
 * @returns the blocks that the request asks to leave out
 * @throws {Rejection}
 */
export function checkThinkingBlocks(params: MessageParams, model: MockModel): DroppedThinking[] {
  // Most prompts have none, and need no hashes.
  if (!params.messages.some(({ content }) => hasThinking(content))) return []
  const answered = params.messages.flatMap(({ content }) => answeredBy(blocksOf(content)))
  const prefix = createPrefixHash(params, new Set(answered))
  const dropped: DroppedThinking[] = []
  // What a compaction block stands for is no longer there to compare with.
  let isBound = model.thinking.bound !== 'no'
  for (const [message, { role, content = [] }] of params.messages.entries()) {
    for (const [block, one] of blocksOf(content).entries()) {
      if ((one as { type: string }).type === 'compaction') isBound = false
      if (one.type === 'thinking') {
        const now = { thinking: one.thinking, model: model.id, prefix: prefix.value }
        const wrong = checkSignature(one.signature, now)
        const place = `messages.${message}.content.${block}`
        if (wrong === 'missing') throw invalidRequest(`${place}: Invalid \`signature\` in \`thinking\` block`)
        if (wrong === 'changed') throw changed(place)
        if (wrong === 'another conversation' && isBound) {
          if (!drops(params)) throw misplaced(place)
          dropped.push({ message, block })
        }
      }
      prefix.add(role, one)
    }
  }
  return dropped
}

function hasThinking(content: unknown): boolean {
  return Array.isArray(content) && content.some(({ type }) => type === 'thinking')
}

function drops({ thinking }: MessageParams): boolean {
  const { block_binding: binding } = (thinking ?? {}) as {
    block_binding?: { prefix_mismatch_behavior?: string } | null
  }
  return binding?.prefix_mismatch_behavior === 'drop_block'
}

function changed(place: string) {
  return invalidRequest(
    `${place}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. ` +
      'These blocks must remain as they were in the original response.',
  )
}

function misplaced(place: string) {
  return invalidRequest(
    `${place}: Invalid \`signature\` in \`thinking\` block. The block is bound to a different conversation. ` +
      'Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "drop_block".',
  )
}
