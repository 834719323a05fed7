export type {
  AgentEvent,
  AgentToolCallEvent,
  AgentToolResultEvent,
  ReplyEvent,
  TextEvent,
  ThinkingEvent,
} from './agent-event.ts'
export type { AgentOptions } from './agent-options.ts'
export { type Agent, createAgent } from './create-agent.ts'
export { JournalError } from './errors/journal-error.ts'
export { SessionBusyError, type SessionHolder } from './errors/session-busy-error.ts'
export { SessionLostError } from './errors/session-lost-error.ts'
export { SessionNotFoundError } from './errors/session-not-found-error.ts'
export { SessionStoreError } from './errors/session-store-error.ts'
export type {
  CheckpointEntry,
  CompactionEntry,
  DecisionEntry,
  Entry,
  EntryBody,
  EntryHead,
  FrozenParams,
  IntentEntry,
  NoteEntry,
  ParamsEntry,
  PartEntry,
  PendingEntry,
  PromptEntry,
  ReplyEntry,
  ResultEntry,
  RewindEntry,
  SessionEntry,
  SpawnEntry,
  TurnEntry,
  TurnStatus,
} from './journal/entry.ts'
export { memoryStore } from './journal/memory-store.ts'
export type { BlobStore, Lease, OpenOptions, SessionInfo, SessionQuery, SessionStore } from './journal/session-store.ts'
export { query } from './query.ts'
export type { SendOptions, Session } from './session.ts'
export type { Turn, TurnResult } from './turn.ts'
