import type { Cost, Usage } from '@enjamb/core'
import { createFold } from '../journal/fold.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { statusAtRest, waitingCalls } from '../journal/waiting-calls.ts'
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
  const { head, usage, cost } = state
  const waiting = waitingCalls(state)
  const status = statusAtRest(state, waiting)
  return { id, title: head?.title, status, pending: waiting.map(toPending), usage, cost }
}
