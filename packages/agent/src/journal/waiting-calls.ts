import type { PendingEntry } from './entry.ts'
import type { JournalState } from './fold.ts'

/** Calls about which nobody has decided yet. */
export function waitingCalls({ pending, decisions }: Pick<JournalState, 'pending' | 'decisions'>): PendingEntry[] {
  return [...pending.values()].filter(({ id }) => !decisions.has(id))
}

/** What a session is while no turn is under way, where so many calls wait. */
export function statusAtRest(
  { turn }: Pick<JournalState, 'turn'>,
  { length }: readonly unknown[],
): 'idle' | 'waiting' | 'interrupted' {
  if (!turn || (turn.status && turn.status !== 'waiting')) return 'idle'
  return length ? 'waiting' : 'interrupted'
}
