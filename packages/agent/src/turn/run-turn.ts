import { messageText, type OutputFormat, toReply } from '@enjamb/chat'
import { type Client, costOf, type Message, type MessageParam, type UserMessageParam, withOptions } from '@enjamb/core'
import {
  type AroundCall,
  openCalls,
  type RunOptions,
  type Thread,
  type ToolFilter,
  type ToolRun,
  type ToolRunEvent,
  type Toolset,
} from '@enjamb/tools'
import type { BackendSeat } from '../backend/backend-seat.ts'
import { runBackend } from '../backend/run-backend.ts'
import { createCompactor } from '../context/compaction/create-compactor.ts'
import type { ContextOptions } from '../context/context-options.ts'
import type { KeepResult } from '../context/results/keep-long-results.ts'
import type { HookRunner } from '../hooks/create-hooks.ts'
import { endOfReply } from '../journal/end-of-reply.ts'
import type {
  CheckpointEntry,
  ContextEntry,
  DecisionEntry,
  EntryBody,
  PromptEntry,
  TurnEntry,
  TurnStatus,
} from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { waitingCalls } from '../journal/waiting-calls.ts'
import { recordChange } from '../rewind/record-change.ts'
import type { Budget } from '../subagents/spend-cap.ts'
import type { Team } from '../subagents/team.ts'
import type { Tally } from '../tally.ts'
import { type AgentEvent, toPending } from './agent-event.ts'
import { aroundCalls } from './around-call.ts'
import { askWhole } from './ask-whole.ts'
import { cutOffFacts, factsOfEnd, statusOf, toRefusal } from './how-it-ended.ts'
import { toPieces } from './to-pieces.ts'
import type { TurnResult } from './turn-result.ts'
import { formatEntries, type JSONFormat } from './with-format.ts'

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

/**
 * Makes a turn to its end, with the journal as its ledger: what is sent is what the journal comes to, and everything that
 * happens is written there before anything else follows from it.
 */
export async function runTurn(settings: TurnSettings): Promise<TurnResult<unknown>> {
  const { journal, store, tools, client, sessionId, hooks, signal, prompts, team } = settings
  const { reports, notices } = settings.mail
  const { state } = journal
  const began = performance.now()
  const { aroundCall, ended } = aroundCalls(settings)
  const changes = {
    blobs: store.blobs,
    known: (path: string) => state.checkpoints.get(path),
    append: (entry: CheckpointEntry) => journal.append(entry),
  }
  const hookContext = { sessionId, signal }
  const { budget } = settings
  const compactor = createCompactor({
    ...settings,
    ...(settings.seat && { compaction: false }),
    client: budget
      ? withOptions(client, { middleware: [...client.middleware, budget.forSummaries ?? budget.middleware] })
      : client,
  })
  const shown = new Set<string>()
  const calls: TurnResult['calls'][number][] = []
  let writes: Promise<unknown>[] = []
  let message: Message | undefined
  let requests = 0
  let replying: Promise<void> | undefined
  /** How often a hook has had the turn go on. */
  let goneOn = 0
  /** Why a hook did not let the last prompt be asked. */
  let refused: string | undefined
  let isTold = false

  /** Writes what nobody waits for now; {@link written} does. */
  function write(...entries: EntryBody[]): void {
    const write = journal.append(...entries)
    write.catch(() => {})
    writes.push(write)
  }

  async function written(): Promise<void> {
    const all = writes
    writes = []
    await Promise.all(all)
  }

  /** Is there something to say? What sub-agents report is said first. */
  function hasPrompts(): boolean {
    prompts.unshift(...reports.splice(0))
    return prompts.length > 0
  }

  async function takePrompts(): Promise<MessageParam[]> {
    const taken: MessageParam[] = []
    hasPrompts()
    for (let prompt = prompts.shift(); prompt; prompt = prompts.shift()) {
      const { id, by } = prompt
      const { content, refuse } = await hooks.prompt({ id, content: prompt.content, by }, hookContext)
      refused = refuse
      if (refuse === undefined) await chooseModel(content)
      const contexts = refuse === undefined ? settings.contexts.splice(0) : []
      await journal.append(...contexts, { ...prompt, content, ...(refuse !== undefined && { refused: refuse }) })
      if (refuse === undefined) taken.push(...[...contexts, { content }].map(({ content }) => toMessage(content)))
    }
    return taken
  }

  /** Once: a session that has begun keeps its model. */
  async function chooseModel(content: PromptEntry['content']): Promise<void> {
    if (!settings.choose || state.choice || state.usage || state.messages.length) return
    const remaining = await budget?.remaining?.()
    await journal.append(await settings.choose([toMessage(content)], remaining))
  }

  /** What hooks add to the next request. What continues a paused reply is no new one. */
  async function takeContexts(messages: MessageParam[]): Promise<MessageParam[]> {
    if (messages.at(-1)?.role === 'assistant') return []
    const contexts = await hooks.contexts('beforeTurn', { request: requests + 1, messages }, hookContext)
    await journal.append(...contexts.map((content) => ({ type: 'context' as const, content, by: 'beforeTurn' })))
    return contexts.map(toMessage)
  }

  /** Shows a call, once: when the model has written it, and in any case before it begins. */
  function show({ id, name, input }: { id: string; name: string; input: unknown }): void {
    if (shown.has(id)) return
    shown.add(id)
    settings.emit({ type: 'tool_call', id, name, input, at: now() })
  }

  /** One run of the loop; the history may owe results, then they come first. */
  async function run(): Promise<ToolRun> {
    let late = state.late
    let before: readonly MessageParam[] = state.messages
    const toPiece = toPieces()
    const onEvent = (event: ToolRunEvent) => {
      if (event.type === 'tool_result') {
        const { call, entry } = ended(event)
        calls.push(call)
        if (entry) write(entry)
      } else if (event.type === 'block_refused') {
        // What follows from the first, the state knows by itself.
        const index = run.messages.findIndex((sent, n) => sent !== before[n])
        write({ type: 'mend', index, message: run.messages[index]!, why: event.error.message })
        before = run.messages
      } else if (event.type === 'tool_call') show(event)
      else if (event.type === 'tool_progress') {
        const { turn: _, ...rest } = event
        settings.emit({ ...rest, at: now() })
      } else if (event.type === 'stream') {
        const piece = toPiece(event.event)
        if (!piece) return
        settings.emit({ ...piece, at: now() })
        // Given back, as it may be a promise.
        return piece.type === 'text' ? settings.onText?.(piece.text) : undefined
      }
    }
    const options: RunOptions = {
      signal,
      maxTurns: settings.maxTurns - requests,
      aroundCall(call, ...rest) {
        show(call)
        return aroundCall(call, ...rest)
      },
      onEvent,
      onCheckpoint: (change) => recordChange(changes, change),
      budget,
      ...(settings.stream === false && askWhole(state.frozen, client)),
      thread: settings.thread,
      async onReply({ message: whole }) {
        requests++
        replying = writeReply(whole)
        await replying
      },
      onSpend({ model, usage }, { id }) {
        write({ type: 'spent', id, model, usage, cost: costOf(model, usage) })
      },
      async beforeTurn({ messages: sent }) {
        await written()
        // Not in the middle of a prompt: that was looked at before it came.
        const isShorter = !!state.turn?.reply && (await compactor.ifFull())
        const messages = isShorter ? [...state.messages] : [...sent, ...late]
        prompts.push(...notices.splice(0))
        const steered = [...messages, ...(await takePrompts())]
        late = []
        const all = [...steered, ...(await takeContexts(steered))]
        before = all
        return all.length > sent.length || isShorter ? { messages: all } : undefined
      },
    }
    const { tools: _, ...params } = state.frozen
    const run = tools.run(client, { ...params, messages: [...state.messages] }, options)
    try {
      await run.final()
    } catch (error) {
      team?.halt(error)
      throw error
    } finally {
      await team?.rested()
      // The tools' last words are not waited for elsewhere.
      await written().catch(() => {})
      // An interruption does not wait for it; what is written is no part.
      await replying?.catch(() => {})
      if (run.message && run.message !== message) await keepPart(run, before)
    }
    return run
  }

  /** What is run in place of the loop, where the agent has a backend. */
  async function delegate(seat: BackendSeat): Promise<Pick<ToolRun, 'deferred'>> {
    prompts.push(...notices.splice(0))
    await takePrompts()
    await runBackend({
      ...settings,
      seat,
      cwd: settings.sessionCwd,
      maxTurns: settings.maxTurns - requests,
      onReply(whole, isWhole) {
        message = whole
        if (isWhole) requests++
      },
      onCall: (call) => calls.push(call),
    })
    return { deferred: [] }
  }

  async function writeReply(whole: Message): Promise<void> {
    await journal.append({ type: 'reply', message: whole, cost: costOf(whole.model, whole.usage, whole) })
    message = whole
  }

  /** Writes down what had come of a reply when it broke off. */
  async function keepPart(run: ToolRun, before: readonly MessageParam[]): Promise<void> {
    message = run.message!
    const { usage } = message
    const kept = run.messages.find(
      (sent, index) => index >= before.length - 1 && sent !== before[index] && sent.role === 'assistant',
    )
    const content = (kept?.content as Message['content'] | undefined) ?? message.content
    const why = signal.aborted ? 'interrupted' : 'broken off'
    const cost = costOf(message.model, usage, message)
    await journal.append({ type: 'part', message: { ...message, content }, cost, why, kept: !!kept }).catch(() => {})
  }

  async function end({ status, error }: Omit<TurnEntry, 'type'>): Promise<void> {
    await journal.append({ type: 'turn', status, ...(error && { error }) })
  }

  function toResult(status: TurnResult['status'], reason: string | undefined, value?: unknown): TurnResult<unknown> {
    const { usage, cost } = settings.tally
    return {
      status,
      reason,
      choice: state.choice,
      unsent: prompts.map(({ id }) => id),
      text: message ? messageText(message) : '',
      message,
      value,
      pending: status === 'waiting' ? waitingCalls(state).map(toPending) : [],
      calls,
      usage,
      cost,
      requests,
      durationMs: performance.now() - began,
    }
  }

  /** Writes the end of the turn before, where that failed to write it, or a crash has left it without. */
  async function endLast(): Promise<void> {
    const { turn } = state
    if (!hasPrompts() || !turn || turn.status) return
    const status = settings.unended.status ?? (turn.reply && endOfReply(turn.reply))
    if (status) await end({ status })
  }

  /** What was cut off for want of money is not over: with more of it, it goes on. */
  function goOnWithCutOff(): void {
    const { status, reply } = state.turn ?? {}
    if (status !== 'over_budget' || reply?.stop_reason !== 'max_tokens' || hasPrompts()) return
    prompts.push({ type: 'prompt', id: crypto.randomUUID(), content: cutOffNotice, by: 'enjamb' })
  }

  async function work(): Promise<TurnResult['status']> {
    await endLast()
    goOnWithCutOff()
    settings.unended.status = undefined
    await journal.append(...settings.decisions)
    await journal.append(...formatEntries(state.frozen, settings.format))
    for (;;) {
      const { reply } = state.turn ?? {}
      message ??= reply
      const ended = reply && endOfReply(reply)
      const owes = openCalls(state.messages).length > 0
      if (ended === 'refused' || (ended && !owes && !hasPrompts())) {
        if (isCutOff(reply)) {
          await tell('over_budget')
          return over('over_budget')
        }
        if (await isOver(ended)) return ended
        continue
      }
      // The part of a reply at the end is nothing that can be gone on with.
      if (!reply && !owes && !hasPrompts() && state.messages.at(-1)?.role === 'assistant') {
        await tell('interrupted')
        return over('interrupted')
      }
      if (!owes && hasPrompts()) await compactor.ifFull()
      if (!owes && hasPrompts() && !(await takePrompts()).length) {
        if (ended) continue
        await tell('refused')
        return over('refused')
      }
      if (requests >= settings.maxTurns) {
        await tell('turn_limit')
        return over('turn_limit')
      }
      const { seat } = settings
      const made = await (seat ? delegate(seat) : run()).catch(async (error) => {
        if (seat || !(await compactor.makeRoom(error))) throw error
      })
      if (!made) continue
      // It knows when it is done, whatever its last words are.
      if (seat && !(state.turn?.reply && endOfReply(state.turn.reply)) && (await isOver('completed')))
        return 'completed'
      const { deferred } = made
      // Somebody may have decided while the others were at work.
      const waits = () => deferred.length > 0 && waitingCalls(state).length > 0
      // They stand behind the results, whoever gets those.
      while (deferred.length && hasPrompts()) await takePrompts()
      if (waits() && (await isOver('waiting')) && waits()) return over('waiting')
    }
  }

  async function readValue(): Promise<unknown> {
    const { usage, cost } = settings.tally
    if (!settings.output || !message) return undefined
    return settings.output.read(toReply(message, undefined, undefined, { messages: [] }), {
      usage: usage ?? message.usage,
      cost,
    })
  }

  function isCutOff(reply: Message | undefined): boolean {
    return !!reply && !!budget?.cutOff?.has(reply.id)
  }

  /** Tells of an end, and says whether it still is one then. */
  async function isOver(status: 'refused' | 'completed' | 'waiting'): Promise<boolean> {
    const goesOn = await tell(status)
    isTold = false
    while (status === 'waiting' && hasPrompts()) await takePrompts()
    if (goesOn || (status === 'completed' && hasPrompts())) return false
    if (status !== 'waiting') settings.close()
    return true
  }

  /** Tells hooks of the end, and says whether one of them has the turn go on. */
  async function tell(status: TurnStatus, error?: unknown): Promise<boolean> {
    isTold = true
    const mayGoOn = status === 'completed' && goneOn < mostGoOns
    const text = message ? messageText(message) : ''
    const { messages } = state
    const { prompt } = await hooks.afterTurn({ status, text, messages, goneOn, mayGoOn, error }, hookContext)
    if (!mayGoOn || !prompt?.length) return false
    goneOn++
    prompts.push({ type: 'prompt', id: crypto.randomUUID(), content: prompt, by: 'afterTurn' })
    return true
  }

  /** At once, so that nothing comes between what was found and this. */
  function over<Status>(status: Status): Status {
    settings.close()
    return status
  }

  try {
    const status = await work()
    const cutOff = status === 'over_budget' ? cutOffFacts : undefined
    const error = status === 'refused' ? toRefusal(message, refused) : cutOff
    const value = status === 'completed' ? await readValue() : undefined
    await end({ status, error })
    return toResult(status, error?.message, value)
  } catch (thrown) {
    let error = thrown
    let status = over(statusOf(error, signal, budget?.cutOff))
    if (!isTold) {
      await tell(status ?? 'failed', error).catch((failure) => {
        if (status) error = failure
        status = undefined
      })
    }
    const facts = factsOfEnd(error, signal)
    try {
      await end({ status: status ?? 'failed', error: facts })
    } catch (failure) {
      settings.unended.status = status ?? 'failed'
      // The session is lost, or its disk is full: that is what its user has to know.
      if (status) throw failure
    }
    if (!status) throw error
    return toResult(status, facts.message)
  }
}

const cutOffNotice =
  '[A notice, not from the user] Your last message was cut off where it ends, as it could not cost more. It can now: go on from there.'

/** A hook that never has enough is not asked for ever. */
const mostGoOns = 10

function toMessage(content: UserMessageParam['content']): MessageParam {
  return { role: 'user', content }
}

let told = { ms: 0, at: '' }

/** Made once a millisecond, as pieces of text come in much faster. */
function now(): string {
  const ms = Date.now()
  if (ms !== told.ms) told = { ms, at: new Date(ms).toISOString() }
  return told.at
}
