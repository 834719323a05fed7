import { type OutputFormat, type OutputSchema, outputFormat } from '@enjamb/chat'
import { type Client, ConfigError, countTokens } from '@enjamb/core'
import type { AroundCall, FileAccess, ToolFilter, Toolset } from '@enjamb/tools'
import type { BackendSeat } from '../backend/backend-seat.ts'
import { createCompactor } from '../context/compaction/create-compactor.ts'
import type { ContextOptions } from '../context/context-options.ts'
import type { SessionThread } from '../context/prepare-requests.ts'
import type { KeepResult } from '../context/results/keep-long-results.ts'
import { toCountParams } from '../context/to-count-params.ts'
import type { HookRunner } from '../hooks/create-hooks.ts'
import type { ContextEntry, DecisionEntry, Entry, PromptEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { statusAtRest } from '../journal/waiting-calls.ts'
import type { Reporter } from '../live/hub.ts'
import type { Team } from '../subagents/team.ts'
import { createTally, type Tally } from '../tally.ts'
import { beginJournal } from '../transfer/begin-journal.ts'
import { exportSession } from '../transfer/export-session.ts'
import { forkEntries } from '../transfer/fork-entries.ts'
import { type AgentEvent, eventsOf, toPending } from '../turn/agent-event.ts'
import type { Channel } from '../turn/channel.ts'
import { runTurn } from '../turn/run-turn.ts'
import { createTurn, type Turn } from '../turn/turn.ts'
import type { TurnResult } from '../turn/turn-result.ts'
import type { Mail, TurnSettings } from '../turn/turn-settings.ts'
import { callDecisions } from './call-decisions.ts'
import { pastTurn } from './past-turn.ts'
import { entriesOf, rewindSession } from './rewind-session.ts'
import type { Decision, SendOptions, Session, TurnOptions } from './session.ts'

/** What a session is made of. */
export interface SessionSettings {
  id: string
  store: SessionStore
  journal: Journal
  client: Client
  seat?: BackendSeat | undefined
  /** What a backend has to know of its tools and its folder. */
  filters: readonly ToolFilter[]
  sessionCwd: string | undefined
  tools: Toolset
  files: FileAccess | undefined
  maxTurns: number
  permission: AroundCall | undefined
  hooks: HookRunner
  keepResult: KeepResult
  /** What the agent itself asks of answers; `null` is nothing. */
  ownFormat: OutputFormat<unknown>['format'] | null
  /** What is to stand before the next prompt. */
  contexts: ContextEntry[]
  /** Its sub-agents. */
  team?: Team | undefined
  mail: Mail
  beforeEffect?: (() => Promise<void>) | undefined
  cache: ContextOptions['cache']
  compaction: ContextOptions['compaction']
  /** Chooses the model, where nothing has been asked yet. */
  choose: TurnSettings['choose']
  /** Marks each request for the cache. */
  thread: SessionThread
  /** Opens the fork that was made of this one. */
  reopen(id: string): Promise<Session>
  /** Ends what is the session's alone. */
  dispose(): Promise<void>
  /** Is told what happens, for whoever follows the session from elsewhere. */
  reporter: Reporter
}

type AnyOptions = TurnOptions<OutputSchema>

/** A turn that is under way, and what it takes while it is. */
interface Running {
  turn: Turn<never>
  prompts: PromptEntry[]
  channel: Channel<AgentEvent>
  controller: AbortController
  tally: Tally
  ended: Promise<unknown>
  /** Does it still take up prompts and decisions? */
  open: boolean
  /** The ids of its prompts. */
  keys: string[]
}

/** What a turn begins with beside its prompts. */
interface Beginning {
  decisions?: DecisionEntry[]
  /** What there is of it already. */
  known?(): Turn<never> | undefined
  /** The turn that it goes on with. */
  goesOn?: { seq: number } | undefined
  /** How its answer is read. */
  output?: OutputFormat<unknown> | undefined
}

export function sessionExists(id: string): ConfigError {
  return new ConfigError(`There is a session ${id} already: open it with resume: true, or begin one with another id.`)
}

/** A session, and what it is to be told. */
export interface MadeSession {
  session: Session
  /** Is to be given each entry that is written. */
  onEntry(entry: Entry): void
  /** Shows what is no entry. */
  emit(event: AgentEvent): void
}

/** A session on its journal. */
export function createSession(settings: SessionSettings): MadeSession {
  const { id, store, journal, hooks, team, mail } = settings
  const { state } = journal
  const toEvent = eventsOf()
  let running: Running | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** How many turns have begun, or wait for those before them. */
  let working = 0
  let closed = false
  /** Turns that have begun, by the ids of their prompts, which may not be in the journal yet. */
  const begun = new Map<string, Turn<never>>()
  const calls = callDecisions(id, journal)
  const unended: TurnSettings['unended'] = {}
  /** Of histories that are being put into summaries, or wait for that. */
  const compacting = new Set<AbortController>()

  const past = (seq: number, output: OutputFormat<unknown> | undefined) =>
    pastTurn(store, id, seq, { output, choice: state.choice })

  function emit(event: AgentEvent): void {
    running?.channel.push(event)
    settings.reporter.show(event, state.lastSeq)
  }

  function onEntry(entry: Entry): void {
    if (entry.type === 'spent' || entry.type === 'compaction') running?.tally.add(entry)
    if (entry.type === 'reply' || entry.type === 'part') {
      running?.tally.add({ usage: entry.message.usage, cost: entry.cost })
    }
    const event = toEvent(entry)
    if (event) running?.channel.push(event)
    settings.reporter.fact(entry)
  }

  function checkOpen(): void {
    if (closed) throw new ConfigError(`Session ${id} is closed: open it again with resume: true.`)
  }

  /**
   * A turn that begins when it is read, and when those that began before it have ended.
   */
  function begin(
    prompts: PromptEntry[],
    { signal, onText, budget, stream }: AnyOptions,
    { decisions = [], known = () => undefined, goesOn, output }: Beginning,
  ): Turn<never> {
    const turn: Turn<never> = createTurn((channel) => {
      const same = known()
      if (same) return follow(same, channel)
      const keys = prompts.map(({ id }) => id)
      const format = output?.format ?? (keys.length ? settings.ownFormat : undefined)
      for (const key of keys) begun.set(key, turn)
      const before = last
      const work = async () => {
        await before
        checkOpen()
        calls.check(decisions)
        // Somebody else has gone on with it meanwhile.
        if (goesOn && state.turn?.seq !== goesOn.seq) return follow(past(goesOn.seq, output), channel)
        const controller = new AbortController()
        const tally = createTally()
        const abort = () => controller.abort(signal?.reason)
        const lose = () => controller.abort(journal.lost.reason)
        if (signal?.aborted) abort()
        signal?.addEventListener('abort', abort)
        journal.lost.addEventListener('abort', lose)
        const ended = result.catch(() => {})
        const current: Running = { turn, prompts, channel, controller, tally, ended, open: true, keys }
        running = current
        try {
          await team?.wake(budget)
          return await runTurn({
            ...settings,
            sessionId: id,
            prompts,
            decisions,
            signal: controller.signal,
            onText,
            budget,
            stream,
            output,
            format,
            emit,
            tally,
            unended,
            close() {
              current.open = false
            },
          })
        } catch (error) {
          // The journal will not tell of it, unless somebody else goes on with it.
          if (unended.status && !journal.lost.aborted) settings.reporter.fail(error)
          throw error
        } finally {
          if (controller.signal.aborted) await team?.stop(controller.signal.reason)
          running = undefined
          settings.reporter.rest()
          signal?.removeEventListener('abort', abort)
          journal.lost.removeEventListener('abort', lose)
        }
      }
      working++
      const result: Promise<TurnResult<unknown>> = work().finally(() => {
        working--
        for (const key of keys) begun.delete(key)
      })
      last = result.catch(() => {})
      return result
    })
    return turn
  }

  /** The turn that goes on with what there is, where there is something to do. */
  function goOn(options: AnyOptions = {}): Turn<never> | undefined {
    checkOpen()
    if (running?.open) return running.turn
    const output = options.schema && outputFormat(options.schema)
    return (state.turn || mail.reports.length) && !calls.waiting().length
      ? begin([], options, { goesOn: state.turn, output })
      : undefined
  }

  const session: Session = {
    id,
    get title() {
      return state.head?.title
    },
    get status() {
      if (running) return 'running'
      return statusAtRest(state, calls.waiting())
    },
    get messages() {
      return [...state.messages]
    },
    get usage() {
      return state.usage
    },
    get cost() {
      return state.cost
    },
    get pending() {
      return calls.waiting().map(toPending)
    },
    entries: (after) => store.read(id, after),
    send(
      content: PromptEntry['content'],
      {
        id: key = crypto.randomUUID(),
        by,
        toolResults = [],
        when = 'next',
        ...options
      }: SendOptions<OutputSchema> = {},
    ): Turn<never> {
      checkOpen()
      const output = options.schema && outputFormat(options.schema)
      const known = () => {
        const seq = state.prompts.get(key)
        const goesOn = seq !== undefined && seq >= (state.turn?.seq ?? Infinity)
        return (
          begun.get(key) ?? (goesOn ? goOn(options) : undefined) ?? (seq === undefined ? undefined : past(seq, output))
        )
      }
      const same = known()
      if (same) return same
      if (!content?.length && !toolResults.length)
        throw new ConfigError('The prompt must be a text or blocks, and not empty.')
      // A copy, for whoever made the list may use it again.
      const prompt: PromptEntry = {
        type: 'prompt',
        id: key,
        content: structuredClone(content),
        ...(by !== undefined && { by }),
      }
      const prompts = content?.length ? [prompt] : []
      if (running?.open && when === 'now') {
        if (output) throw new ConfigError("schema must be given with when: 'next', for a turn of its own.")
        running.prompts.push(...prompts)
        running.keys.push(key)
        begun.set(key, running.turn)
        return running.turn
      }
      const answers = toolResults.map(({ id, content, isError }) => calls.toEntry(id, { content, allow: !isError }))
      const reason = 'the user went on without deciding'
      const refusals =
        when === 'now' ? calls.undecided(answers).map(({ id }) => calls.toEntry(id, { allow: false, reason })) : []
      const decisions = [...answers, ...refusals]
      if (!running) calls.check(decisions)
      return begin(prompts, options, { decisions, known, output })
    },
    continue: (options?: AnyOptions) => goOn(options),
    async decide(callId: string, decision: Decision, options: AnyOptions = {}): Promise<Turn<never> | undefined> {
      checkOpen()
      await calls.decide(callId, decision)
      return running?.open ? undefined : goOn(options)
    },
    async compact({ instructions, signal } = {}) {
      checkOpen()
      if (settings.seat)
        throw new ConfigError('With a backend of its own a session is not compacted here: that is up to it.')
      const before = last
      const controller = new AbortController()
      compacting.add(controller)
      const work = async () => {
        await before
        checkOpen()
        const signals = AbortSignal.any([controller.signal, journal.lost, ...(signal ? [signal] : [])])
        return createCompactor({ ...settings, sessionId: id, signal: signals }).now(instructions)
      }
      const result = work().finally(() => compacting.delete(controller))
      last = result.catch(() => {})
      return result
    },
    async countTokens(prompt = []) {
      checkOpen()
      const { input_tokens } = await countTokens(settings.client, toCountParams(state.frozen, state.messages, prompt))
      return input_tokens
    },
    async interrupt(reason) {
      for (const one of compacting) one.abort(reason)
      running?.controller.abort(reason)
      await Promise.all([running?.ended, team?.stop(reason)])
    },
    settled: async () => team?.settled(),
    async note(name, data) {
      checkOpen()
      await journal.append({ type: 'note', name, data })
    },
    async rewind(options) {
      checkOpen()
      if (working) throw new ConfigError('A turn is under way: interrupt it, then rewind.')
      const rewound = last.then(async () => {
        const plan = await rewindSession(settings, options)
        settings.thread.cutAfter(state.messages.length)
        return plan
      })
      last = rewound.catch(() => {})
      return rewound
    },
    async fork({ id: fork = crypto.randomUUID(), ...options } = {}) {
      checkOpen()
      const entries = forkEntries(await entriesOf(store, id), { id: fork, ...options })
      await beginJournal(store, fork, entries, () => sessionExists(fork))
      return settings.reopen(fork)
    },
    export: () => exportSession(store, id),
    async close() {
      if (closed) return
      closed = true
      await session.interrupt('the session was closed')
      await last
      try {
        await hooks.sessionEnd({ title: state.head?.title }, { sessionId: id, signal: journal.lost })
      } finally {
        await settings.dispose().finally(() => journal.release())
      }
    },
    [Symbol.asyncDispose]: () => session.close(),
  }
  return { session, onEntry, emit }
}

/** Makes another turn to its end, and tells of it what it tells. */
async function follow(turn: Turn<never>, channel: Channel<AgentEvent>): Promise<TurnResult<unknown>> {
  for await (const event of turn) channel.push(event)
  return turn.final()
}
