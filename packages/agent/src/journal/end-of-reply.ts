import type { Message } from '@enjamb/core'
import { openCalls } from '@enjamb/tools'

/** How a turn has ended whose last reply this is; nothing where it goes on. */
export function endOfReply({ stop_reason, content }: Message): 'refused' | 'completed' | undefined {
  const reason: string | null = stop_reason
  if (reason === 'refusal') return 'refused'
  if (reason === 'pause_turn' || reason === 'compaction') return undefined
  return openCalls([{ role: 'assistant', content }]).length ? undefined : 'completed'
}
