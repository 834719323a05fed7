import type { Cost, Message, MessageParam, ModelChoice, ToolUseBlock, Usage, UserMessageParam } from '@enjamb/core'
import { openCalls, resultBlock, withoutThinking, withReply } from '@enjamb/tools'
import { promptTokens } from '../context/compaction/needs-compaction.ts'
import { summaryMessage } from '../context/summary-message.ts'
import { createTally } from '../tally.ts'
import { endOfReply } from './end-of-reply.ts'
import type {
  CheckpointEntry,
  DecisionEntry,
  Entry,
  FrozenParams,
  IntentEntry,
  PendingEntry,
  ResultEntry,
  SessionEntry,
  SpawnEntry,
  TaskEntry,
  TurnStatus,
} from './entry.ts'

/** What a session's entries come to. */
export interface JournalState {
  /** The place of the last entry. */
  lastSeq: number
  head: SessionEntry | undefined
  /** What every request has beside its messages. */
  frozen: FrozenParams
  /** How the model was chosen, where it was. */
  choice: ModelChoice | undefined
  /** The history: what the next request begins with. It may end in calls that are still to be answered. */
  readonly messages: readonly MessageParam[]
  readonly usage: Usage | undefined
  readonly cost: Cost | undefined
  /** What was set aside for requests whose end is not known, in nano-dollars, by their ids. */
  readonly reserved: ReadonlyMap<string, number>
  /**
   * The most that the session can have cost, in nano-dollars: of what was asked under a cap, what that was charged; of anything
   * else, what it cost as far as it has a price.
   */
  readonly spentAtMost: number
  /** Every prompt's place by its id. */
  readonly prompts: ReadonlyMap<string, number>
  /** The turn that can go on. */
  turn: OpenTurn | undefined
  /** How the task of the session ended, unless it has been gone on with. */
  task: TaskEntry | undefined
  /** How the last turn ended. */
  lastStatus: TurnStatus | undefined
  /** What is known of the calls that the history has no results of, by their ids. */
  readonly intents: ReadonlyMap<string, IntentEntry>
  readonly results: ReadonlyMap<string, ResultEntry>
  readonly pending: ReadonlyMap<string, PendingEntry & { seq: number }>
  readonly decisions: ReadonlyMap<string, DecisionEntry>
  /** Prompts that stand behind calls which are still to be answered. */
  readonly late: readonly MessageParam[]
  /** What the turn that is open has changed last of files, by their paths. */
  readonly checkpoints: ReadonlyMap<string, CheckpointEntry>
  /** Tools whose calls are not asked about again. */
  readonly always: ReadonlySet<string>
  /** How many tokens the history has, after the last reply; `undefined` where it has changed since in another way. */
  filled: number | undefined
  /** How many it had after the first reply to the last summary. */
  base: number | undefined
  /** The sub-agents, by their sessions. */
  readonly spawns: ReadonlyMap<string, SpawnEntry & { seq: number }>
  /** How often sub-agents have spent something, by their sessions. */
  readonly charges: ReadonlyMap<string, number>
  /** Where turns began: places that a session can be rewound to. */
  readonly turnStarts: readonly TurnStart[]
}

/** A turn that has not ended, that waits, or that has ended where it can be taken up again, until the next one begins. */
interface OpenTurn {
  /** Where it began. */
  seq: number
  /** How it has ended. */
  status?: TurnStatus | undefined
  /** The last reply that came whole. */
  reply?: Message | undefined
}

/** The history before a turn. */
interface TurnStart {
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
  const checkpoints = new Map<string, CheckpointEntry>()
  const always = new Set<string>()
  const spawns = new Map<string, SpawnEntry & { seq: number }>()
  const charges = new Map<string, number>()
  const reserved = new Map<string, number>()
  /** In nano-dollars: what caps were charged, and what was spent where there was none. */
  let [booked, unbooked] = [0, 0]
  /** Does a cap have what is spent now in its books? */
  let isCapped = false
  const tally = createTally()
  let turnStarts: TurnStart[] = []
  /** Histories as they were before a summary took their place. */
  let unsummed: TurnStart[] = []
  // Grows at its end; where something else is done to it, there is a new one.
  let messages: MessageParam[] = []
  let answered = false
  /** Calls whose results are in the history; the run that they belong to may yet ask for them. */
  let settled: ToolUseBlock[] = []
  let late: MessageParam[] = []
  /** Was the last prompt one that is not asked? */
  let isUnasked = false
  let isCompacted = false

  // Without accessors: of functions of its own, each state would be a dictionary, which is slow to read and weighs four times as much.
  const state: { -readonly [Name in keyof JournalState]: JournalState[Name] } = {
    lastSeq: 0,
    head: undefined,
    frozen: {} as FrozenParams,
    choice: undefined,
    messages,
    usage: undefined,
    cost: undefined,
    reserved,
    spentAtMost: 0,
    prompts,
    turn: undefined,
    task: undefined,
    lastStatus: undefined,
    intents,
    results,
    pending,
    decisions,
    late,
    checkpoints,
    always,
    filled: undefined,
    base: undefined,
    spawns,
    charges,
    turnStarts,
  }

  function publish(): void {
    state.messages = messages
    state.late = late
    state.turnStarts = turnStarts
    state.usage = tally.usage
    state.cost = tally.cost
    state.spentAtMost = booked + unbooked
    for (const nanoUsd of reserved.values()) state.spentAtMost += nanoUsd
  }

  function spend(spent: Parameters<typeof tally.add>[0]): void {
    tally.add(spent)
    if (!isCapped) unbooked += spent.cost?.nanoUsd ?? 0
  }

  function forgetCalls(): void {
    for (const known of [intents, results, pending, decisions]) known.clear()
    settled = []
  }

  function isOpen(): boolean {
    const { turn } = state
    return !!turn && (!turn.status || turn.status === 'waiting')
  }

  function beginTurn(seq: number): void {
    const { turn } = state
    if (isOpen()) return
    // To send again what failed in the end is to try again.
    if (turn?.status === 'failed') forgetPrompts(turn.seq)
    state.turn = { seq }
    answered = false
    checkpoints.clear()
    turnStarts.push({ seq, messages, length: messages.length })
  }

  /** Adds the results of the last reply's calls, once all are there; where the turn is over, what is known of them. */
  function answerCalls(over = false): void {
    const open = openCalls(messages)
    if (!open.length || !(over || open.every(({ id }) => results.has(id)))) return
    const content = open.map((call) => {
      const { content, isError } = results.get(call.id) ?? unfinished(intents.get(call.id))
      return resultBlock(call, content, isError)
    })
    messages.push({ role: 'user', content }, ...late)
    late = []
    for (const { id } of settled) for (const known of [intents, results, pending, decisions]) known.delete(id)
    settled = open
  }

  /** What follows a paused reply takes the place of what that waited for. */
  function closePause(): void {
    if (!openCalls(messages).length) messages.push(...withReply(messages.splice(-1), [], undefined, true))
  }

  function addUser(content: UserMessageParam['content']): void {
    closePause()
    const list = openCalls(messages).length ? late : messages
    list.push({ role: 'user', content })
    if (state.turn) state.turn.reply = undefined
  }

  function goBack(to: TurnStart): void {
    messages = to.messages.slice(0, to.length)
    late = []
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
    params({ changed, choice }) {
      if (choice || changed.model) state.choice = choice
      state.frozen = withChanges(state.frozen, changed)
      // Thinking is bound to what stood before it.
      if ('system' in changed || 'tools' in changed) messages = withoutThinking(messages)
    },
    prompt({ seq, id, content, refused }) {
      prompts.set(id, seq)
      isUnasked = refused !== undefined
      if (isUnasked) return
      // First, as a turn that leaves goes back to what was before it.
      closePause()
      beginTurn(seq)
      addUser(content)
    },
    context({ seq, content }) {
      beginTurn(seq)
      addUser(content)
    },
    reply({ message, cost }) {
      answered = true
      isUnasked = false
      // It may belong to the message before; to none further back.
      messages.push(...withReply(messages.splice(-1), message.content, undefined, !!endOfReply(message)))
      if (state.turn) state.turn = { seq: state.turn.seq, reply: message }
      spend({ usage: message.usage, cost })
      state.filled = promptTokens(message.usage)
      if (isCompacted) state.base = state.filled
      isCompacted = false
      answerCalls()
    },
    part({ message, cost, kept }) {
      spend({ usage: message.usage, cost })
      if (!kept) return
      answered = true
      if (messages.at(-1)?.role === 'assistant') messages.pop()
      messages.push({ role: 'assistant', content: message.content })
      if (state.turn) state.turn.reply = undefined
      answerCalls()
    },
    intent(entry) {
      const { id } = entry.call
      intents.set(id, entry)
      // Of a call in a reply that never came, whose id a later one has again.
      results.delete(id)
    },
    result(entry) {
      results.set(entry.id, entry)
      pending.delete(entry.id)
      answerCalls()
    },
    spent(entry) {
      spend(entry)
      if (entry.session) charges.set(entry.session, (charges.get(entry.session) ?? 0) + 1)
    },
    reserved({ id, nanoUsd }) {
      reserved.set(id, nanoUsd)
      isCapped = true
    },
    settled({ id, nanoUsd }) {
      if (reserved.delete(id)) booked += nanoUsd
    },
    task(entry) {
      state.task = entry
    },
    spawn(entry) {
      spawns.set(entry.session, entry)
    },
    pending(entry) {
      pending.set(entry.id, entry)
      // It waits for something else now.
      decisions.delete(entry.id)
    },
    decision(entry) {
      decisions.set(entry.id, entry)
      const { name } = pending.get(entry.id)?.call ?? {}
      if (entry.always && name) always.add(name)
    },
    checkpoint(entry) {
      checkpoints.set(entry.path, entry)
    },
    mend({ index, message }) {
      if (!messages[index]) return
      // Also in what a turn goes back to: the API will not take it then either.
      for (const [n, one] of withoutThinking(messages.with(index, message), index).entries()) messages[n] = one
    },
    compaction({ seq, upTo, summary, usage, cost }) {
      const start = turnStarts.at(-1)
      const isOfPast = !!state.turn && !!start && upTo < start.seq
      // Whoever goes back to before it has all of it again.
      if (isOfPast) unsummed.push(start)
      else if (!isOpen()) unsummed.push({ seq, messages, length: messages.length })
      messages = [summaryMessage(summary), ...withoutThinking(isOfPast ? messages.slice(start.length) : [])]
      // A turn of which nothing comes goes back to the summary.
      if (isOfPast) turnStarts = turnStarts.with(-1, { seq: start.seq, messages, length: 1 })
      state.filled = undefined
      state.base = undefined
      isCompacted = true
      spend({ usage, cost })
    },
    rewind({ to }) {
      const next = turnStarts.find(({ seq }) => seq > to)
      const whole = unsummed.find(({ seq }) => seq > to)
      const place = whole && (!next || whole.seq <= next.seq) ? whole : next
      if (!place) return
      goBack(place)
      turnStarts = turnStarts.filter(({ seq }) => seq <= to)
      unsummed = unsummed.filter(({ seq }) => seq <= to)
      forgetPrompts(to + 1)
      state.filled = undefined
      for (const [session, { seq }] of spawns) if (seq > to) spawns.delete(session)
    },
    turn({ status }) {
      isCapped = reserved.size > 0
      state.lastStatus = status
      // A hook did not let anything be asked: what there was before can still go on.
      if (status === 'refused' && isUnasked) return
      if (status === 'waiting') {
        if (state.turn) state.turn.status = status
        return
      }
      const start = turnStarts.at(-1)
      // A refused turn leaves the history, or refusals go on; so does a prompt that nothing was answered to.
      if (state.turn && start && (status === 'refused' || !answered)) {
        goBack(start)
        if (status === 'failed' || status === 'over_budget') forgetPrompts(start.seq)
        return
      }
      answerCalls(true)
      forgetCalls()
      if (!state.turn) return
      const { seq, reply } = state.turn
      const canGoOn = reply || messages.at(-1)?.role === 'user'
      // What it has done is done: it is taken up where it ended, rather than asked for again.
      if (canGoOn && (status === 'failed' || status === 'over_budget' || status === 'turn_limit')) {
        state.turn.status = status
        return
      }
      if (status === 'failed') forgetPrompts(seq)
      closePause()
      state.turn = undefined
    },
  }

  return {
    state,
    add(entry) {
      state.lastSeq = entry.seq
      if (goesOn.has(entry.type)) state.task = undefined
      const reader = read[entry.type] as ((entry: Entry) => void) | undefined
      reader?.(entry)
      publish()
    },
  }
}

const goesOn: ReadonlySet<Entry['type']> = new Set(['prompt', 'context', 'decision', 'reply', 'result'])

/** What is said of a call that has no result when its turn is over. */
export function unfinished(begun: Pick<IntentEntry, 'readOnly'> | undefined): Pick<ResultEntry, 'content' | 'isError'> {
  if (!begun) return { content: 'Interrupted before it started: nothing was run.', isError: true }
  if (begun.readOnly) return { content: 'Interrupted.', isError: true }
  return {
    content:
      'This call was begun, and the process ended before its result was written down: it may have had effects, or not. ' +
      'Look before you repeat it.',
    isError: true,
  }
}

function withChanges(frozen: FrozenParams, changed: Partial<FrozenParams>): FrozenParams {
  const merged = Object.entries({ ...frozen, ...changed }).filter(([, value]) => value !== null)
  return Object.fromEntries(merged) as unknown as FrozenParams
}
