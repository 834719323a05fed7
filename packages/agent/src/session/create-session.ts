import { type OutputSchema, outputFormat } from '@enjamb/chat'
import { ConfigError, countTokens } from '@enjamb/core'
import type { FileAccess } from '@enjamb/tools'
import { createCompactor } from '../context/compaction/create-compactor.ts'
import type { SessionThread } from '../context/prepare-requests.ts'
import { toCountParams } from '../context/to-count-params.ts'
import type { Entry, PromptEntry } from '../journal/entry.ts'
import { statusAtRest } from '../journal/waiting-calls.ts'
import { beginJournal } from '../transfer/begin-journal.ts'
import { exportSession } from '../transfer/export-session.ts'
import { forkEntries } from '../transfer/fork-entries.ts'
import { type AgentEvent, toPending } from '../turn/agent-event.ts'
import type { Turn } from '../turn/turn.ts'
import { callDecisions } from './call-decisions.ts'
import { entriesOf, rewindSession } from './rewind-session.ts'
import type { Decision, SendOptions, Session } from './session.ts'
import { type AnyOptions, createTurns, type TurnsSettings } from './turns/create-turns.ts'

/** What a session is made of. */
export interface SessionSettings extends TurnsSettings {
  files: FileAccess | undefined
  /** Marks each request for the cache. */
  thread: SessionThread
  /** Opens the fork that was made of this one. */
  reopen(id: string): Promise<Session>
  /** Ends what is the session's alone. */
  dispose(): Promise<void>
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
  const { id, store, journal, hooks, team } = settings
  const { state } = journal
  let closed = false
  const calls = callDecisions(id, journal)
  const turns = createTurns(settings, calls, checkOpen)
  /** Of histories that are being put into summaries, or wait for that. */
  const compacting = new Set<AbortController>()

  function checkOpen(): void {
    if (closed) throw new ConfigError(`Session ${id} is closed: open it again with resume: true.`)
  }

  const session: Session = {
    id,
    get title() {
      return state.head?.title
    },
    get status() {
      if (turns.isRunning) return 'running'
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
      const known = () => turns.known(key, options, output)
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
      if (turns.isOpen && when === 'now') {
        if (output) throw new ConfigError("schema must be given with when: 'next', for a turn of its own.")
        return turns.steer(key, prompts)
      }
      const answers = toolResults.map(({ id, content, isError }) => calls.toEntry(id, { content, allow: !isError }))
      const reason = 'the user went on without deciding'
      const refusals =
        when === 'now' ? calls.undecided(answers).map(({ id }) => calls.toEntry(id, { allow: false, reason })) : []
      const decisions = [...answers, ...refusals]
      if (!turns.isRunning) calls.check(decisions)
      return turns.begin(prompts, options, { decisions, known, output })
    },
    continue: (options?: AnyOptions) => turns.goOn(options),
    async decide(callId: string, decision: Decision, options: AnyOptions = {}): Promise<Turn<never> | undefined> {
      checkOpen()
      await calls.decide(callId, decision)
      return turns.isOpen ? undefined : turns.goOn(options)
    },
    async compact({ instructions, signal } = {}) {
      checkOpen()
      if (settings.seat)
        throw new ConfigError('With a backend of its own a session is not compacted here: that is up to it.')
      const controller = new AbortController()
      compacting.add(controller)
      return turns.between(async () => {
        try {
          checkOpen()
          const signals = AbortSignal.any([controller.signal, journal.lost, ...(signal ? [signal] : [])])
          return await createCompactor({ ...settings, sessionId: id, signal: signals }).now(instructions)
        } finally {
          compacting.delete(controller)
        }
      })
    },
    async countTokens(prompt = []) {
      checkOpen()
      const { input_tokens } = await countTokens(settings.client, toCountParams(state.frozen, state.messages, prompt))
      return input_tokens
    },
    async interrupt(reason) {
      for (const one of compacting) one.abort(reason)
      await Promise.all([turns.interrupt(reason), team?.stop(reason)])
    },
    settled: async () => team?.settled(),
    async note(name, data) {
      checkOpen()
      await journal.append({ type: 'note', name, data })
    },
    async rewind(options) {
      checkOpen()
      if (turns.isWorking) throw new ConfigError('A turn is under way: interrupt it, then rewind.')
      return turns.between(async () => {
        const plan = await rewindSession(settings, options)
        settings.thread.cutAfter(state.messages.length)
        return plan
      })
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
      await turns.rested()
      try {
        await hooks.sessionEnd({ title: state.head?.title }, { sessionId: id, signal: journal.lost })
      } finally {
        await settings.dispose().finally(() => journal.release())
      }
    },
    [Symbol.asyncDispose]: () => session.close(),
  }
  return { session, onEntry: turns.onEntry, emit: turns.emit }
}
