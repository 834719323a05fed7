import type { Message } from '@enjamb/core'
import type {
  DecisionEntry,
  Entry,
  FrozenParams,
  PartEntry,
  PendingEntry,
  ReplyEntry,
  ResultEntry,
  TurnStatus,
} from '../../journal/entry.ts'
import type { Totals } from './create-totals.ts'
import type { Spending } from './spending-of.ts'

/** A session as its journal tells it. Times are in milliseconds since 1970. */
export interface Run {
  id: string
  title: string | undefined
  parent: { id: string; seq: number } | undefined
  /** As they are at the end. */
  params: FrozenParams
  startedAt: number
  endedAt: number
  turns: RunTurn[]
  /** How the last turn ended; `open` where the journal ends within it, `empty` where there is none. */
  status: TurnStatus | 'open' | 'empty'
  totals: Totals
  /** Requests to the model that were answered. */
  replies: number
}

/** From a prompt, or from the decision that it waited for, to the end of the work. */
export interface RunTurn {
  /** Of its first entry. */
  seq: number
  /** Of its prompt, from 0. */
  prompt: number
  /** It goes on with the prompt of a turn before. */
  isResumed: boolean
  startedAt: number
  endedAt: number
  status: TurnStatus | 'open'
  error: unknown
  steps: RunStep[]
  totals: Totals
  replies: number
}

/** What happened in a turn, in the order of its beginning. */
export type RunStep = PromptStep | ReplyStep | CallStep | EventStep

interface StepHead {
  seq: number
  startedAt: number
  endedAt: number
  /** A rewind has taken it out of the history. */
  isUndone: boolean
}

interface PromptStep extends StepHead {
  kind: 'prompt'
  content: unknown
  by: string | undefined
  /** Why a hook did not let it be asked. */
  refused: string | undefined
}

export interface ReplyStep extends StepHead {
  kind: 'reply'
  entry: ReplyEntry | PartEntry
  message: Message
  spending: Spending | undefined
}

/** A call of a tool, from when it began to run, or was asked for, to its result. */
export interface CallStep extends StepHead {
  kind: 'call'
  /** The turn that it ran in; where it waits, the one that asked for it. */
  turn: RunTurn
  id: string
  name: string
  input: unknown
  /** Its work, without what it waited for. */
  ms: number | undefined
  result: ResultEntry | undefined
  pending: PendingEntry | undefined
  decision: DecisionEntry | undefined
  spending: Spending[]
  /** The sub-agents that it began. */
  children: { agent: string; session: string }[]
}

interface EventStep extends StepHead {
  kind: 'event'
  entry: Entry
  text: string
}
