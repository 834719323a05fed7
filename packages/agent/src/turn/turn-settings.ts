import type { OutputFormat } from '@enjamb/chat'
import type { Client, MessageParam } from '@enjamb/core'
import type { AroundCall, Thread, ToolFilter, Toolset } from '@enjamb/tools'
import type { BackendSeat } from '../backend/backend-seat.ts'
import type { ContextOptions } from '../context/context-options.ts'
import type { KeepResult } from '../context/results/keep-long-results.ts'
import type { HookRunner } from '../hooks/create-hooks.ts'
import type { ContextEntry, DecisionEntry, EntryBody, PromptEntry, TurnStatus } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { Budget } from '../subagents/spend-cap.ts'
import type { Team } from '../subagents/team.ts'
import type { Tally } from '../tally.ts'
import type { AgentEvent } from './agent-event.ts'
import type { JSONFormat } from './with-format.ts'

/** What others than the user have to say. */
export interface Mail {
  /** Said at the next safe place; a turn does not end before. */
  reports: PromptEntry[]
  /** Said with the next request, if there is one. */
  notices: PromptEntry[]
}

/** What a turn works with. */
export interface TurnSettings {
  sessionId: string
  client: Client
  seat?: BackendSeat | undefined
  filters: readonly ToolFilter[]
  sessionCwd: string | undefined
  tools: Toolset
  maxTurns: number
  permission: AroundCall | undefined
  hooks: HookRunner
  keepResult: KeepResult
  team?: Team | undefined
  beforeEffect?: (() => Promise<void>) | undefined
  journal: Journal
  store: SessionStore
  /** What is to stand before the next prompt. */
  contexts: ContextEntry[]
  /** Prompts that wait for the next safe place; whatever is put in while the turn lasts is taken. */
  prompts: PromptEntry[]
  mail: Mail
  /** What was decided about calls that waited. */
  decisions: readonly DecisionEntry[]
  /** Is called when no further prompt or decision is taken up. */
  close(): void
  /** How a turn ended whose end could not be written. */
  unended: { status?: TurnStatus | undefined }
  /** Ends the turn. */
  signal: AbortSignal
  budget?: Budget | undefined
  onText?: ((text: string) => void) | undefined
  stream?: boolean | undefined
  /** How the answer is read. */
  output?: OutputFormat<unknown> | undefined
  /** What is asked of answers from here on; `null` is nothing, `undefined` what is asked now. */
  format?: JSONFormat | null | undefined
  /** @param remaining in dollars, where that is known */
  choose?: ((prompt: readonly MessageParam[], remaining: number | undefined) => Promise<EntryBody>) | undefined
  /** Gets what is shown as it comes; facts come from the journal. */
  emit(event: AgentEvent): void
  /** What the entries of this turn add up to. */
  tally: Tally
  thread: Thread
  cache: ContextOptions['cache']
  compaction: ContextOptions['compaction']
}
