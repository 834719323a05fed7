import type { MessageParam } from '@enjamb/core'

/** What a compacted history begins with. */
export function summaryMessage(summary: string): MessageParam {
  return { role: 'user', content: `The conversation so far, as a summary to go on from:\n\n${summary}` }
}
