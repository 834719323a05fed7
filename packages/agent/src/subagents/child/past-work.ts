import type { UserMessageParam } from '@enjamb/core'
import { SessionNotFoundError } from '../../errors/session-not-found-error.ts'
import type { SessionStore } from '../../journal/session-store.ts'

/** What a sub-agent was asked that a crash may have cut off; `undefined` where it had not begun. */
export async function pastWork(
  store: SessionStore,
  session: string,
  promptId: string,
): Promise<{ prompt: UserMessageParam['content']; ended: boolean } | undefined> {
  let prompt: UserMessageParam['content'] | undefined
  let ended = false
  try {
    for await (const entry of store.read(session)) {
      if (entry.type === 'prompt' && entry.id === promptId) prompt = entry.content
      // Another report may have begun another turn.
      if (entry.type === 'prompt') ended = false
      if (entry.type === 'turn') ended = true
    }
  } catch (error) {
    if (!(error instanceof SessionNotFoundError)) throw error
  }
  return prompt === undefined ? undefined : { prompt, ended }
}
