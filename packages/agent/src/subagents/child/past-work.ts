import { messageText } from '@enjamb/chat'
import type { UserMessageParam } from '@enjamb/core'
import { SessionNotFoundError } from '../../errors/session-not-found-error.ts'
import type { SessionStore } from '../../journal/session-store.ts'
import type { TurnResult } from '../../turn/turn-result.ts'
import { reportOf } from './report-of.ts'

/** What a sub-agent was asked, and how far it came. */
export interface PastWork {
  prompt: UserMessageParam['content']
  /** The session that it works for. */
  asker: string | undefined
  ended: boolean
  /** What it came to, where it has ended. */
  report: string
}

/** What a sub-agent was asked that a crash may have cut off; `undefined` where it had not begun. */
export async function pastWork(store: SessionStore, session: string, promptId: string): Promise<PastWork | undefined> {
  let prompt: PastWork['prompt'] | undefined
  let asker: string | undefined
  let ended = false
  let [text, report] = ['', '']
  try {
    for await (const entry of store.read(session)) {
      if (entry.type === 'session') asker = entry.parent?.id
      if (entry.type === 'prompt' && entry.id === promptId) prompt = entry.content
      // Another report may have begun another turn.
      if (entry.type === 'prompt') [ended, text] = [false, '']
      if (entry.type === 'reply' || entry.type === 'part') text = messageText(entry.message)
      if (entry.type !== 'turn') continue
      ended = true
      report = entry.error?.message ?? toReport(entry.status as TurnResult['status'], text)
    }
  } catch (error) {
    if (!(error instanceof SessionNotFoundError)) throw error
  }
  return prompt === undefined ? undefined : { prompt, asker, ended, report }
}

function toReport(status: TurnResult['status'], text: string): string {
  try {
    return reportOf({ status, text, pending: [] })
  } catch (error) {
    return (error as Error).message
  }
}
