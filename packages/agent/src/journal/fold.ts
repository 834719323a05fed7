import type { Cost, Message, MessageParam, ToolResultBlockParam, ToolUseBlock, Usage } from '@enjamb/core'
import { openCalls, withReply } from '@enjamb/tools'
import { summaryMessage } from '../context/summary-message.ts'
import { createTally } from '../tally.ts'
import type {
  DecisionEntry,
  Entry,
  FrozenParams,
  IntentEntry,
  PendingEntry,
  ResultEntry,
  SessionEntry,
  TurnStatus,
} from './entry.ts'

/** What a session's entries come to. */
export interface JournalState {
  /** The place of the last entry. */
  lastSeq: number
  head: SessionEntry | undefined
  /** What every request has beside its messages. */
  frozen: FrozenParams
  /** The history: what the next request begins with. It may end in calls that are still to be answered. */
  readonly messages: readonly MessageParam[]
  readonly usage: Usage | undefined
  readonly cost: Cost | undefined
  /** Every prompt's place by its id. */
  readonly prompts: ReadonlyMap<string, number>
  /** The turn that has not ended, or that waits. */
  turn: OpenTurn | undefined
  /** How the last turn ended. */
  lastStatus: TurnStatus | undefined
  /** What is known of the calls that the history has no results of, by their ids. */
  readonly intents: ReadonlyMap<string, IntentEntry>
  readonly results: ReadonlyMap<string, ResultEntry>
  readonly pending: ReadonlyMap<string, PendingEntry & { seq: number }>
  readonly decisions: ReadonlyMap<string, DecisionEntry>
  /** Tools whose calls are not asked about again. */
  readonly always: ReadonlySet<string>
  /** Where turns began: places that a session can be rewound to. */
  readonly turnStarts: readonly TurnStart[]
}

/** A turn that has not ended, or that waits. */
export interface OpenTurn {
  /** Where it began. */
  seq: number
  status?: TurnStatus | undefined
  /** The last reply that came whole. */
  reply?: Message | undefined
}

/** The history before a turn. */
export interface TurnStart {
  seq: number
  messages: readonly MessageParam[]
  length: number
}

/** A state that follows a journal, entry by entry. */
export interface Fold {
  readonly state: Readonly<JournalState>
  add(entry: Entry): void
}

export function createFold(): Fold {
  const prompts = new Map<string, number>()
  const intents = new Map<string, IntentEntry>()
  const results = new Map<string, ResultEntry>()
  const pending = new Map<string, PendingEntry & { seq: number }>()
  const decisions = new Map<string, DecisionEntry>()
  const always = new Set<string>()
  const tally = createTally()
  let turnStarts: TurnStart[] = []
  // Grows at its end; where something else is done to it, there is a new one.
  let messages: MessageParam[] = []
  let answered = false
  /** Calls whose results are in the history; the run that they belong to may yet ask for them. */
  let settled: ToolUseBlock[] = []

  const state: JournalState = {
    lastSeq: 0,
    head: undefined,
    frozen: {} as FrozenParams,
    get messages() {
      return messages
    },
    get usage() {
      return tally.usage
    },
    get cost() {
      return tally.cost
    },
    prompts,
    turn: undefined,
    lastStatus: undefined,
    intents,
    results,
    pending,
    decisions,
    always,
    get turnStarts() {
      return turnStarts
    },
  }

  function forgetCalls(): void {
    for (const known of [intents, results, pending, decisions]) known.clear()
    settled = []
  }

  function beginTurn(seq: number): void {
    if (state.turn) return
    state.turn = { seq }
    answered = false
    turnStarts.push({ seq, messages, length: messages.length })
  }

  /** Adds the results of the last reply's calls, once all are there. */
  function answerCalls(): void {
    const open = openCalls(messages)
    if (!open.length || !open.every(({ id }) => results.has(id))) return
    messages.push({ role: 'user', content: open.map((call) => toResultBlock(call, results.get(call.id)!)) })
    for (const { id } of settled) for (const known of [intents, results, pending, decisions]) known.delete(id)
    settled = open
  }

  function goBack(to: TurnStart): void {
    messages = to.messages.slice(0, to.length)
    forgetCalls()
    state.turn = undefined
  }

  function forgetPrompts(from: number): void {
    for (const [id, seq] of prompts) if (seq >= from) prompts.delete(id)
  }

  const read: { [Type in Entry['type']]?: (entry: Extract<Entry, { type: Type }>) => void } = {
    session(entry) {
      state.head = entry
      state.frozen = entry.frozen
    },
    params({ changed }) {
      state.frozen = withChanges(state.frozen, changed)
    },
    prompt({ seq, id, content }) {
      beginTurn(seq)
      prompts.set(id, seq)
      messages.push({ role: 'user', content })
      if (state.turn) state.turn.reply = undefined
    },
    reply({ message, cost }) {
      answered = true
      // It may belong to the message before; to none further back.
      messages.push(...withReply(messages.splice(-1), message.content))
      if (state.turn) state.turn.reply = message
      tally.add({ usage: message.usage, cost })
      answerCalls()
    },
    part({ message, cost, kept }) {
      tally.add({ usage: message.usage, cost })
      if (!kept) return
      answered = true
      if (messages.at(-1)?.role === 'assistant') messages.pop()
      messages.push({ role: 'assistant', content: message.content })
      answerCalls()
    },
    intent(entry) {
      intents.set(entry.call.id, entry)
    },
    result(entry) {
      results.set(entry.id, entry)
      pending.delete(entry.id)
      answerCalls()
    },
    spent: tally.add,
    pending(entry) {
      pending.set(entry.id, entry)
    },
    decision(entry) {
      decisions.set(entry.id, entry)
      const { name } = pending.get(entry.id)?.call ?? {}
      if (entry.always && name) always.add(name)
    },
    mend({ index, message }) {
      messages = messages.with(index, message)
    },
    compaction({ summary, usage, cost }) {
      messages = [summaryMessage(summary)]
      tally.add({ usage, cost })
    },
    rewind({ to }) {
      const at = turnStarts.findIndex(({ seq }) => seq > to)
      if (at < 0) return
      goBack(turnStarts[at]!)
      turnStarts = turnStarts.slice(0, at)
      forgetPrompts(to + 1)
    },
    turn({ status }) {
      state.lastStatus = status
      if (status === 'waiting') {
        if (state.turn) state.turn.status = status
        return
      }
      const start = turnStarts.at(-1)
      if (state.turn && start) {
        // A refused turn leaves the history, or refusals go on; so does a prompt that nothing was answered to.
        if (status === 'refused' || !answered) goBack(start)
        // To send it again is to try again.
        if (status === 'failed') forgetPrompts(start.seq)
      }
      state.turn = undefined
      forgetCalls()
    },
  }

  return {
    state,
    add(entry) {
      state.lastSeq = entry.seq
      const reader = read[entry.type] as ((entry: Entry) => void) | undefined
      reader?.(entry)
    },
  }
}

/** The block that a call is answered with. Its parts stand in one order, so that the same result is the same bytes. */
export function toResultBlock(
  call: ToolUseBlock,
  { content, isError }: Pick<ResultEntry, 'content' | 'isError'>,
): ToolResultBlockParam {
  const { toolset_name } = call as { toolset_name?: string }
  return {
    type: 'tool_result',
    tool_use_id: call.id,
    ...(content?.length && { content }),
    ...(isError && { is_error: true }),
    ...(toolset_name && { toolset_name }),
  }
}

function withChanges(frozen: FrozenParams, changed: Partial<FrozenParams>): FrozenParams {
  const merged = Object.entries({ ...frozen, ...changed }).filter(([, value]) => value !== null)
  return Object.fromEntries(merged) as unknown as FrozenParams
}
