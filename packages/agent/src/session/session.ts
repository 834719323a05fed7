import type { OutputOf, OutputSchema } from '@enjamb/chat'
import type { Cost, MessageParam, ToolResultBlockParam, Usage, UserMessageParam } from '@enjamb/core'
import type { RunOptions } from '@enjamb/tools'
import type { Compacted } from '../context/compaction/compact.ts'
import type { Entry } from '../journal/entry.ts'
import type { RewindPlan } from '../rewind/plan-rewind.ts'
import type { Pending } from '../turn/agent-event.ts'
import type { Turn } from '../turn/turn.ts'
import type { RewindOptions } from './rewind-session.ts'

/** What one turn takes beside its prompt. */
export interface SendOptions<Schema extends OutputSchema = never> extends TurnOptions<Schema> {
  /**
   * The sender's key of this prompt: sent twice, it is one prompt. Of a turn that has ended, the same result is given again;
   * one that a crash has cut off goes on, and so does one that failed after its first reply. Default a new one.
   */
  id?: string | undefined
  /** Who asks, for the record. */
  by?: string | undefined
  /** Answers to calls that wait, each a decision of its own; then the prompt may be empty. */
  toolResults?:
    | readonly { id: string; content: ToolResultBlockParam['content']; isError?: boolean | undefined }[]
    | undefined
  /**
   * Where a turn is under way: `next`, the default, asks after it; `now` hands the prompt to that turn, with the next results of
   * tools. Where calls wait for a decision, `now` refuses them.
   */
  when?: 'now' | 'next' | undefined
}

/** What a turn takes that goes on with what is there. */
export interface TurnOptions<Schema extends OutputSchema = never> {
  /** Ends the turn, as `interrupt` does. */
  signal?: AbortSignal | undefined
  /**
   * Gets the text of the answers as it arrives, beside whoever reads the turn. What it throws ends the turn; a promise of
   * its is not waited for, and ends the turn where it is rejected in time.
   */
  onText?: ((text: string) => void) | undefined
  /** A meter as `createUsageMeter` of `@enjamb/core` makes one: the turn ends as `over_budget` before a budget could break. */
  budget?: RunOptions['budget']
  /**
   * What the answer has to fit: a schema of zod 4, arktype or valibot, or a JSON Schema; the result then has a `value`. To turn it
   * on or off costs what was cached. A turn that goes on without one keeps the form that it began with, and has no value.
   */
  schema?: Schema | undefined
  /** `false`: replies come whole, so that there are no pieces to show; what is written down is the same. Default `true`. */
  stream?: boolean | undefined
}

/** What somebody says to a call that waits. */
export interface Decision {
  /** Whether the call is made; of a question or a tool without `run`: whether `content` is an answer, or says what failed. */
  allow?: boolean | undefined
  /** What the tool gets in place of what the model wrote; checked like the model's own. */
  input?: unknown
  /** What the model is told of a call that is not allowed. */
  reason?: string | undefined
  /** Calls of this tool are not asked about again in this session; what a rule denies stays denied. */
  always?: boolean | undefined
  /** The result itself. */
  content?: ToolResultBlockParam['content'] | undefined
  /** The `hash` of what was shown: where it is not that of the call, the decision is refused. */
  hash?: string | undefined
  /** Who decides, for the record. */
  by?: string | undefined
}

/** `idle`: ready for a prompt. `interrupted`: a turn was cut off by the end of its process, see {@link Session.continue}. */
export type SessionStatus = 'idle' | 'running' | 'waiting' | 'interrupted'

/** A conversation with an agent: what its journal says, and nothing else. */
export interface Session extends AsyncDisposable {
  readonly id: string
  readonly title: string | undefined
  readonly status: SessionStatus
  /** The history that the next request begins with, as it is now. Where calls wait, it ends with them. */
  readonly messages: readonly MessageParam[]
  /** Summed over all requests of the session, those of its tools included; `undefined` before the first reply. */
  readonly usage: Usage | undefined
  /** At list prices, summed over the same requests; `undefined` where one of them has none, and before the first reply. */
  readonly cost: Cost | undefined
  /** Calls that wait for somebody. */
  readonly pending: readonly Pending[]
  /** The journal, from its beginning or after an entry. */
  entries(after?: number): AsyncIterable<Entry>
  /**
   * Asks, and lets the agent work until it has an answer, or waits for somebody.
   *
   * @throws {ConfigError} the prompt is empty; calls wait for a decision, and `when` is not `now`; the schema is none that the API
   * can take, or is given for a turn that is under way; the session is closed
   */
  send<const Schema extends OutputSchema>(
    prompt: UserMessageParam['content'],
    options: SendOptions<Schema> & { schema: Schema },
  ): Turn<OutputOf<Schema>>
  send(prompt: UserMessageParam['content'], options?: SendOptions): Turn
  /**
   * Goes on with what a crash or a failure has cut off, what was decided meanwhile, or what sub-agents reported; `undefined`
   * where there is nothing left to do. A call that has ended is not made again, an idempotent one that has not is, with its key; of any other the model is told
   * that nobody knows.
   */
  continue<const Schema extends OutputSchema>(
    options: TurnOptions<Schema> & { schema: Schema },
  ): Turn<OutputOf<Schema>> | undefined
  continue(options?: TurnOptions): Turn | undefined
  /**
   * Decides about a call that waits; the decision is on the disk when it resolves. Gives the turn that goes on, once nothing
   * waits any more, and `undefined` before that, or where a turn is under way, which takes it up itself.
   *
   * @throws {ConfigError} no such call waits, it waits for something else, or what was shown is not what waits
   */
  decide<const Schema extends OutputSchema>(
    id: string,
    decision: Decision,
    options: TurnOptions<Schema> & { schema: Schema },
  ): Promise<Turn<OutputOf<Schema>> | undefined>
  decide(id: string, decision: Decision, options?: TurnOptions): Promise<Turn | undefined>
  /**
   * Puts the history into a summary, which the next request begins with: after the turn that is under way, and before those
   * that are sent from now on. The journal keeps all of it.
   *
   * @throws {CompactionError} it could not be done, or would make nothing shorter, and all is as it was; calls wait
   * @throws {RequestAbortedError} it was interrupted
   */
  compact(options?: { instructions?: string | undefined; signal?: AbortSignal | undefined }): Promise<Compacted>
  /** How many tokens the next request would have, as the API counts them; free of charge. */
  countTokens(prompt?: UserMessageParam['content']): Promise<number>
  /** Ends the turn that is under way and all sub-agents, and resolves when its history is complete. */
  interrupt(reason?: unknown): Promise<void>
  /** Until no sub-agent works in the background any more; what they report, the next turn begins with: see {@link Session.continue}. */
  settled(): Promise<void>
  /**
   * Goes back, as if all after an entry had not been: the history, and the files that tools changed. A file that somebody else
   * has changed, too, is left, and the plan says so; the journal keeps everything. Not while a turn is under way.
   *
   * @throws {TurnBoundaryError} at that entry a turn was open
   * @throws {ConfigError} files were changed, and nothing here can put them back; a turn is under way
   */
  rewind(options: RewindOptions): Promise<RewindPlan>
  /**
   * Begins another session with what this one had, up to its last turn that has ended, or to an entry. They share the files.
   *
   * @throws {TurnBoundaryError} at that entry a turn was open
   * @throws {ConfigError} there is a session of that id already
   */
  fork(options?: { at?: number | undefined; id?: string | undefined; title?: string | undefined }): Promise<Session>
  /** The session as one file, for `importSession`. */
  export(): Promise<Uint8Array>
  /** Writes a fact of your own into the journal. */
  note(name: string, data?: unknown): Promise<void>
  /** Interrupts what is under way, and lets others write the session. */
  close(): Promise<void>
}
