import type { Cost, Usage } from '@enjamb/core'
import { createFold } from '../journal/fold.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { Session, SessionStatus } from '../session/session.ts'
import { type Pending, toPending } from '../turn/agent-event.ts'

/** How a session stands. */
export interface SessionState {
  id: string
  title?: string | undefined
  /** Of one that another process is at work on: `interrupted`, until its turn ends or waits. */
  status: SessionStatus
  /** Calls that wait for somebody. */
  pending: readonly Pending[]
  usage?: Usage | undefined
  cost?: Cost | undefined
}

export function stateOf({ id, title, status, pending, usage, cost }: Session): SessionState {
  return { id, title, status, pending, usage, cost }
}

/**
 * The same, without opening it.
 *
 * @throws {SessionNotFoundError} {@link JournalError}
 */
export async function readState(store: SessionStore, id: string): Promise<SessionState> {
  const { state, add } = createFold()
  for await (const entry of store.read(id)) add(entry)
  const { head, turn, usage, cost, decisions } = state
  const pending = [...state.pending.values()].filter(({ id }) => !decisions.has(id)).map(toPending)
  const status = !turn ? 'idle' : pending.length ? 'waiting' : 'interrupted'
  return { id, title: head?.title, status, pending, usage, cost }
}
