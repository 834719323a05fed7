import type { MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'

/**
 * That an answer is not asked to be JSON and to cite.
 *
 * @throws {Rejection}
 */
export function checkCitations({ messages, output_config }: MessageParams): void {
  if (!output_config?.format) return
  if (messages.some(({ content }) => cites(content))) {
    throw invalidRequest(
      'output_config.format: Citations cannot be used with structured outputs. Disable citations, or remove `output_config.format`.',
    )
  }
}

function cites(content: unknown): boolean {
  if (!Array.isArray(content)) return false
  return (content as { citations?: { enabled?: boolean } | null; content?: unknown }[]).some(
    (block) => block.citations?.enabled === true || cites(block.content),
  )
}
