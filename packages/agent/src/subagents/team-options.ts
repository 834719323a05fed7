import type { HookRunner } from '../hooks/create-hooks.ts'
import type { PromptEntry, SpawnEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { JournaledSession } from '../session/journaled-session.ts'
import type { Billed } from './child/billed.ts'
import type { Subagent } from './subagent.ts'
import type { TeamSettings } from './team.ts'

/** What a team works for. */
export interface TeamOptions extends TeamSettings {
  sessionId: string
  journal: Journal
  store: SessionStore
  hooks: HookRunner
  /** Gets the reports of those in the background. */
  reports: PromptEntry[]
  /** Opens the session of a sub-agent, which may do what its asker may, and no more. */
  open(child: ChildOptions): Promise<JournaledSession>
}

/** A sub-agent that is to begin, or to go on. */
export interface ChildOptions {
  agent: Subagent
  spawn: SpawnEntry
  parent: { id: string; seq: number }
  title: string | undefined
  /** That the call asks for. */
  model?: string | undefined
  /** Gets each request of its, when it is paid. */
  onSpend(billed: Billed): void
}
