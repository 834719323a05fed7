import type { MessageParams } from '@enjamb/core'
import { Rejection } from '../../errors/rejection.ts'

/** @throws {Rejection} 404 for a file that was not uploaded, or is deleted */
export function checkFiles(messages: MessageParams['messages'], exists: (id: string) => boolean): void {
  for (const id of messages.flatMap(({ content }) => filesIn(content))) {
    if (!exists(id)) throw new Rejection(`File not found: ${id}`, { type: 'not_found_error' })
  }
}

/** What the client refers to; files that a tool of the server made are no concern of it. */
function filesIn(content: unknown): string[] {
  if (!Array.isArray(content)) return []
  return content.flatMap((block: Record<string, unknown>) => {
    if (block.type === 'container_upload') return [String(block.file_id)]
    if (block.type === 'tool_result') return filesIn(block.content)
    const { type, file_id, content: parts } = (block.source ?? {}) as Record<string, unknown>
    return type === 'file' ? [String(file_id)] : filesIn(parts)
  })
}
