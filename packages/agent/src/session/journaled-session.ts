import type { Journal } from '../journal/journal.ts'
import type { Session } from './session.ts'

/** A session, and the journal that it writes. */
export interface JournaledSession {
  session: Session
  journal: Journal
}
