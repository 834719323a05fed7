export type { AgentOptions } from './agent-options.ts'
export type { Backend, BackendContext, BackendSettings } from './backend/backend.ts'
export type { Compacted } from './context/compaction/compact.ts'
export type { CompactionOptions, ContextOptions, MetadataOptions } from './context/context-options.ts'
export type { ModelChooser } from './context/model-chooser.ts'
export type { LongResultOptions, ResultFiles } from './context/results/keep-long-results.ts'
export type { Fallbacks } from './context/to-fallbacks.ts'
export { type Agent, createAgent } from './create-agent.ts'
export { CompactionError } from './errors/compaction-error.ts'
export { JournalError } from './errors/journal-error.ts'
export { SessionBusyError, type SessionHolder } from './errors/session-busy-error.ts'
export { SessionImportError } from './errors/session-import-error.ts'
export { SessionLostError } from './errors/session-lost-error.ts'
export { SessionNotFoundError } from './errors/session-not-found-error.ts'
export { SessionStoreError } from './errors/session-store-error.ts'
export { TurnBoundaryError } from './errors/turn-boundary-error.ts'
export { type FollowedSession, type FollowOptions, followSession } from './follow/follow-session.ts'
export { SessionRequestError } from './follow/session-request-error.ts'
export { createSessionHandler, type SessionHandler } from './handler/create-session-handler.ts'
export type { SessionAction } from './handler/route-of.ts'
export type { SessionHandlerOptions } from './handler/session-handler-options.ts'
export type { SessionState } from './handler/session-state.ts'
export type {
  AfterCompactSubject,
  AfterToolAnswer,
  AfterToolSubject,
  AfterTurnAnswer,
  AfterTurnSubject,
  BeforeCompactAnswer,
  BeforeCompactSubject,
  BeforeToolAnswer,
  BeforeToolSubject,
  BeforeTurnSubject,
  ContextAnswer,
  Hook,
  HookContext,
  HookList,
  Hooks,
  MatchedHook,
  PromptAnswer,
  PromptSubject,
  SessionEndSubject,
  SessionStartSubject,
  SubagentStartAnswer,
  SubagentStartSubject,
  SubagentStopSubject,
  ToolHook,
  ToolHookContext,
} from './hooks/hooks.ts'
export type {
  CheckpointEntry,
  CompactionEntry,
  ContextEntry,
  DecisionEntry,
  Entry,
  EntryBody,
  EntryHead,
  FoundChange,
  FrozenParams,
  IntentEntry,
  MendEntry,
  NewEntry,
  NoteEntry,
  ParamsEntry,
  PartEntry,
  PendingEntry,
  PromptEntry,
  ReplyEntry,
  ReservedEntry,
  ResultEntry,
  RewindEntry,
  SessionEntry,
  SettledEntry,
  SpawnEntry,
  SpentEntry,
  TaskEntry,
  TurnEntry,
  TurnStatus,
} from './journal/entry.ts'
export type { ErrorFacts } from './journal/error-facts.ts'
export { memoryStore } from './journal/memory-store.ts'
export type { BlobStore, Lease, OpenOptions, SessionInfo, SessionQuery, SessionStore } from './journal/session-store.ts'
export type { EventsOptions, SessionEvent } from './live/session-event.ts'
export { query } from './query.ts'
export type { RewindPlan, RewoundFile } from './rewind/plan-rewind.ts'
export type { SessionOptions } from './session/open-session.ts'
export { type ResumeOptions, resumeTurn } from './session/resume-turn.ts'
export type { RewindOptions } from './session/rewind-session.ts'
export type { Decision, SendOptions, Session, SessionStatus, TurnOptions } from './session/session.ts'
export type { SessionToolsOption, ToolList, ToolScope } from './session/session-tools.ts'
export type { Subagent } from './subagents/subagent.ts'
export type { TaskBatch, TaskBatchOptions, TaskBatchResult, TaskProgress, TaskSpec } from './tasks/batch/task-batch.ts'
export type { TaskArtifact } from './tasks/result/task-artifact.ts'
export type { Task, TaskOptions } from './tasks/task.ts'
export type { TaskEvent } from './tasks/task-event.ts'
export type { TaskResult, TaskStatus } from './tasks/task-result.ts'
export type { TaskStep, TaskToolResult } from './tasks/task-step.ts'
export { exportSession } from './transfer/export-session.ts'
export { type ImportOptions, importSession } from './transfer/import-session.ts'
export type {
  AgentEvent,
  AgentToolCallEvent,
  AgentToolProgressEvent,
  AgentToolResultEvent,
  CacheBreakEvent,
  Declined,
  Pending,
  ReplyEvent,
  TextEvent,
  ThinkingEvent,
  ToolInputEvent,
  ToolStartEvent,
  TurnEndEvent,
  WaitingEvent,
} from './turn/agent-event.ts'
export type { Turn } from './turn/turn.ts'
export type { TurnResult } from './turn/turn-result.ts'
