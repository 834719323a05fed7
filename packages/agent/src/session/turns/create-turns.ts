import { type OutputFormat, type OutputSchema, outputFormat } from '@enjamb/chat'
import type { DecisionEntry, Entry, PromptEntry } from '../../journal/entry.ts'
import type { Reporter } from '../../live/hub.ts'
import { createTally, type Tally } from '../../tally.ts'
import { type AgentEvent, eventsOf } from '../../turn/agent-event.ts'
import type { Channel } from '../../turn/channel.ts'
import { runTurn } from '../../turn/run-turn.ts'
import { createTurn, type Turn } from '../../turn/turn.ts'
import type { TurnResult } from '../../turn/turn-result.ts'
import type { TurnSettings } from '../../turn/turn-settings.ts'
import type { CallDecisions } from '../call-decisions.ts'
import type { TurnOptions } from '../session.ts'
import { pastTurn } from './past-turn.ts'

/** What is one turn's own, or made here. */
type OfOne =
  | 'sessionId'
  | 'prompts'
  | 'decisions'
  | 'close'
  | 'unended'
  | 'signal'
  | 'budget'
  | 'onText'
  | 'stream'
  | 'output'
  | 'format'
  | 'emit'
  | 'tally'

/** What the turns of a session are made of. */
export interface TurnsSettings extends Omit<TurnSettings, OfOne> {
  id: string
  /** What the agent itself asks of answers; `null` is nothing. */
  ownFormat: OutputFormat<unknown>['format'] | null
  /** Is told what happens, for whoever follows the session from elsewhere. */
  reporter: Reporter
}

export type AnyOptions = TurnOptions<OutputSchema>

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

/** The turns of a session: one at a time, whoever asks for them. */
export interface Turns {
  readonly isRunning: boolean
  /** Has one begun, or does one wait for those before it? */
  readonly isWorking: boolean
  /** Does one still take up prompts and decisions? */
  readonly isOpen: boolean
  /** What there is of a prompt already. */
  known(key: string, options: AnyOptions, output: OutputFormat<unknown> | undefined): Turn<never> | undefined
  /** Hands prompts to the turn that is open. */
  steer(key: string, prompts: readonly PromptEntry[]): Turn<never>
  /** A turn that begins when it is read, and when those that began before it have ended. */
  begin(prompts: PromptEntry[], options: AnyOptions, beginning: Beginning): Turn<never>
  /** The turn that goes on with what there is, where there is something to do. */
  goOn(options?: AnyOptions): Turn<never> | undefined
  /** Does something else when the turns that began before have ended, and before any that begin later. */
  between<T>(work: () => Promise<T>): Promise<T>
  /** Ends the turn that is under way, and resolves when it has ended. */
  interrupt(reason: unknown): Promise<unknown>
  /** Until all that began has ended. */
  rested(): Promise<unknown>
  /** Is to be given each entry that is written. */
  onEntry(entry: Entry): void
  /** Shows what is no entry. */
  emit(event: AgentEvent): void
}

/** @param checkOpen throws where the session is closed */
export function createTurns(settings: TurnsSettings, calls: CallDecisions, checkOpen: () => void): Turns {
  const { id, store, journal, team, mail, reporter } = settings
  const { state } = journal
  const toEvent = eventsOf()
  let running: Running | undefined
  let last: Promise<unknown> = Promise.resolve()
  let working = 0
  /** Turns that have begun, by the ids of their prompts, which may not be in the journal yet. */
  const begun = new Map<string, Turn<never>>()
  const unended: TurnSettings['unended'] = {}

  const past = (seq: number, output: OutputFormat<unknown> | undefined) =>
    pastTurn(store, id, seq, { output, choice: state.choice })

  function emit(event: AgentEvent): void {
    running?.channel.push(event)
    reporter.show(event, state.lastSeq)
  }

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
          if (unended.status && !journal.lost.aborted) reporter.fail(error)
          throw error
        } finally {
          if (controller.signal.aborted) await team?.stop(controller.signal.reason)
          running = undefined
          reporter.rest()
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

  function goOn(options: AnyOptions = {}): Turn<never> | undefined {
    checkOpen()
    if (running?.open) return running.turn
    const output = options.schema && outputFormat(options.schema)
    return (state.turn || mail.reports.length) && !calls.waiting().length
      ? begin([], options, { goesOn: state.turn, output })
      : undefined
  }

  return {
    get isRunning() {
      return running !== undefined
    },
    get isWorking() {
      return working > 0
    },
    get isOpen() {
      return running?.open === true
    },
    known(key, options, output) {
      const seq = state.prompts.get(key)
      const goesOn = seq !== undefined && seq >= (state.turn?.seq ?? Infinity)
      return (
        begun.get(key) ?? (goesOn ? goOn(options) : undefined) ?? (seq === undefined ? undefined : past(seq, output))
      )
    },
    steer(key, prompts) {
      const { turn, prompts: waiting, keys } = running!
      waiting.push(...prompts)
      keys.push(key)
      begun.set(key, turn)
      return turn
    },
    begin,
    goOn,
    between(work) {
      const result = last.then(work)
      last = result.catch(() => {})
      return result
    },
    async interrupt(reason) {
      running?.controller.abort(reason)
      await running?.ended
    },
    rested: () => last,
    onEntry(entry) {
      if (entry.type === 'spent' || entry.type === 'compaction') running?.tally.add(entry)
      if (entry.type === 'reply' || entry.type === 'part') {
        running?.tally.add({ usage: entry.message.usage, cost: entry.cost })
      }
      const event = toEvent(entry)
      if (event) running?.channel.push(event)
      reporter.fact(entry)
    },
    emit,
  }
}

/** Makes another turn to its end, and tells of it what it tells. */
async function follow(turn: Turn<never>, channel: Channel<AgentEvent>): Promise<TurnResult<unknown>> {
  for await (const event of turn) channel.push(event)
  return turn.final()
}
