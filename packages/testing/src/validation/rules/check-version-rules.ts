import type { MessageParam } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'

/**
 * What version 2026-10-21 no longer takes inside messages.
 *
 * @throws {Rejection}
 */
export function checkVersionRules(messages: readonly MessageParam[]): void {
  for (const [index, { role, content = [] }] of messages.entries()) {
    for (const [at, block] of typeof content === 'string' ? [] : content.entries()) {
      const place = `messages.${index}.content.${at}`
      if (role === 'assistant' && block.type === 'document') {
        throw invalidRequest(`${place}: \`document\` blocks are not permitted in \`assistant\` messages`)
      }
      if (role === 'user' && block.type === 'text' && block.citations?.length) {
        throw invalidRequest(`${place}.text.citations: Extra inputs are not permitted`)
      }
    }
  }
}
