import type {
  Cost,
  Message,
  MessageParam,
  MessageParams,
  ModelChoice,
  ToolResultBlockParam,
  ToolUseBlock,
  Usage,
  UserMessageParam,
} from '@enjamb/core'
import type { ErrorFacts } from './error-facts.ts'

/** What every fact of a journal has. */
export interface EntryHead {
  /** The form of the entry. A reader that does not know it refuses the journal. */
  v: 1
  /** Its place in the journal, from 1. A place may be empty, where a line was lost. */
  seq: number
  /** ISO 8601, in UTC. */
  at: string
}

/** One fact of a session. The API's own types stand in it as they are on the wire; everything else is a fold over these. */
export type Entry = EntryHead & EntryBody

/** A fact before it has a place. An entry of a type that this release does not know is kept, and passed over. */
export type EntryBody =
  | SessionEntry
  | ParamsEntry
  | PromptEntry
  | ContextEntry
  | ReplyEntry
  | PartEntry
  | IntentEntry
  | ResultEntry
  | SpentEntry
  | ReservedEntry
  | SettledEntry
  | PendingEntry
  | DecisionEntry
  | CheckpointEntry
  | MendEntry
  | CompactionEntry
  | RewindEntry
  | SpawnEntry
  | TurnEntry
  | TaskEntry
  | NoteEntry

/** A fact to be written. One that is copied from another journal brings its time along. */
export type NewEntry = EntryBody & { at?: string }

/** What is the same in every request of a session, as it is sent: the prefix that the API caches. */
export type FrozenParams = Omit<MessageParams, 'messages' | 'stream'>

/** The first fact. */
export interface SessionEntry {
  type: 'session'
  id: string
  /** Where this one was forked or spawned from, and after which of its entries. */
  parent?: { id: string; seq: number } | undefined
  frozen: FrozenParams
  title?: string | undefined
}

/** The parameters changed, which costs the cache. */
export interface ParamsEntry {
  type: 'params'
  changed: Partial<FrozenParams>
  why: string
  /** The model was chosen for what was asked first. */
  choice?: ModelChoice | undefined
}

/** Somebody asked. */
export interface PromptEntry {
  type: 'prompt'
  /** The sender's idempotency key: the same id twice is one prompt. */
  id: string
  content: UserMessageParam['content']
  by?: string | undefined
  /** A hook did not let it be asked, for this reason: it does not stand in the history. */
  refused?: string | undefined
}

/** Something was added to what the model reads, by a hook as a rule. */
export interface ContextEntry {
  type: 'context'
  content: string
  /** The name of the hook. */
  by: string
}

/** The model replied, whole. */
export interface ReplyEntry {
  type: 'reply'
  message: Message
  requestId?: string | undefined
  cost?: Cost | undefined
}

/** What had been shown when a reply broke off. */
export interface PartEntry {
  type: 'part'
  message: Message
  why: string
  cost?: Cost | undefined
  /** Does it stand in the history, as it is? What failed without a call does not: asking again is the retry. */
  kept: boolean
}

/** A tool is about to run: on the disk before it does. */
export interface IntentEntry {
  type: 'intent'
  call: ToolUseBlock
  /** The same for every try of this call: what the tool's context has as its idempotency key. */
  key: string
  readOnly: boolean
  idempotent: boolean
}

/** A call is answered. */
export interface ResultEntry {
  type: 'result'
  /** Of the `tool_use` block. */
  id: string
  content?: ToolResultBlockParam['content']
  isError: boolean
  ms: number
}

/** A call used a model itself: a page was asked about, a sub-agent worked. Written as it is spent. */
export interface SpentEntry {
  type: 'spent'
  /** Of the `tool_use` block. */
  id: string
  /** Of the sub-agent that spent it. */
  session?: string | undefined
  model: string
  usage: Usage
  cost?: Cost | undefined
}

/** A request is about to be made under a cap, which has this set aside for it: on the disk before it leaves. */
export interface ReservedEntry {
  type: 'reserved'
  /** Of each try its own. */
  id: string
  model: string
  /** The most that it can cost, in nano-dollars. */
  nanoUsd: number
}

/** What came of it: all that was set aside, where nobody knows. */
export interface SettledEntry {
  type: 'settled'
  id: string
  nanoUsd: number
}

/** Somebody has to say something before the turn can go on. Nothing waits in memory. */
export interface PendingEntry {
  type: 'pending'
  id: string
  call: ToolUseBlock
  /** SHA-256 of the call's name and input, in hexadecimal: a decision holds for this call alone. */
  hash: string
  kind: 'approval' | 'question' | 'client_tool'
  data?: unknown
  /** Of the sub-agent whose call it is; without it, of this session. */
  session?: string | undefined
}

/** Somebody said it. */
export interface DecisionEntry {
  type: 'decision'
  /** Of the `pending` entry. */
  id: string
  allow: boolean
  /** What runs in place of what the model asked for. */
  input?: unknown
  reason?: string | undefined
  /** Calls of this tool are not asked about again in this session. */
  always?: boolean | undefined
  /** The answer itself, where no tool is to run. */
  content?: ToolResultBlockParam['content']
  by?: string | undefined
}

/** A file's content before the turn first changed it, and what it was changed to. */
export interface CheckpointEntry {
  type: 'checkpoint'
  path: string
  /** A blob of the store; `null` where there was no file. */
  before: string | null
  /** Its hash, as of a blob; `null` where it was removed. */
  after: string | null
}

/** The API refused the history for one of its messages, which stands there in another form from here on. */
export interface MendEntry {
  type: 'mend'
  /** Its place in the history, from 0. */
  index: number
  message: MessageParam
  why: string
}

/** All up to an entry stands for a summary from here on. */
export interface CompactionEntry {
  type: 'compaction'
  upTo: number
  summary: string
  usage?: Usage | undefined
  cost?: Cost | undefined
}

/** The session goes on from an earlier entry, as if those after it had not been. */
export interface RewindEntry {
  type: 'rewind'
  to: number
  /** The files that were put back. */
  files: string[]
}

/** A sub-agent began its own session. */
export interface SpawnEntry {
  type: 'spawn'
  /** Of the call that asked for it. */
  id: string
  agent: string
  session: string
  /** It is not waited for, and reports by a prompt. */
  background?: boolean | undefined
}

/** How a turn ended. */
export type TurnStatus = 'completed' | 'waiting' | 'refused' | 'interrupted' | 'over_budget' | 'turn_limit' | 'failed'

/** A turn ended. */
export interface TurnEntry {
  type: 'turn'
  status: TurnStatus
  error?: ErrorFacts | undefined
}

/** The work at a task ended, for now or for good. */
export interface TaskEntry {
  type: 'task'
  status: 'completed' | 'failed' | 'timeout' | 'aborted' | 'over_budget' | 'waiting'
  error?: ErrorFacts | undefined
  /** What was found to be other than before, as commands do more than they say. */
  files: FoundChange[]
}

/** A file that is other than it was. */
export interface FoundChange {
  path: string
  change: 'created' | 'modified' | 'deleted'
  /** By its content. */
  type: 'text' | 'image' | 'document' | 'file'
  sizeBytes: number
  /** When it was found, ISO 8601, in UTC. */
  at: string
}

/**
 * A fact of the application's own. The record knows three by name: `stderr` and `unparsed`, whose data are text that a program
 * wrote beside its answer, and lines of it that were no events; `tool_host`, where a tool runs.
 */
export interface NoteEntry {
  type: 'note'
  name: string
  data?: unknown
}
