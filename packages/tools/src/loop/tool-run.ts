import type { Cost, Message, MessageParam, ToolUseBlock, Usage } from '@enjamb/core'
import type { ToolCallRecord, ToolRunEvent } from './tool-run-event.ts'

/** What a run has come to so far. */
export interface ToolRunProgress {
  /** The last reply; `undefined` before the first, as where the calls that a resumed history owed are deferred again. */
  readonly message: Message | undefined
  /**
   * The history with everything the run added, a new array after each addition: the start of the next request. At every
   * moment it is one that the API accepts.
   */
  readonly messages: MessageParam[]
  /** Summed over the turns, those that failed included, and over what tools got from models (`context.spend`). */
  readonly usage: Usage | undefined
  /** Summed over the same replies; `undefined` without the option `costOf`, and where one of them has no price. */
  readonly cost: Cost | undefined
  /** Requests to the model. */
  readonly turns: number
  /** In the order in which they were answered. */
  readonly calls: readonly ToolCallRecord[]
  /**
   * Calls that wait for somebody: their tool has no `run`, or their permission was deferred. The run has ended with the
   * reply that asked for them, and the history with their calls; a run with that history goes on. What was answered beside
   * them is asked for again there: let a ledger remember it.
   */
  readonly deferred: readonly ToolUseBlock[]
}

/** What a run came to. */
export interface ToolRunResult extends ToolRunProgress {
  readonly message: Message
  readonly usage: Usage
}

/**
 * A conversation between a model and tools, under way. Nothing is sent until someone iterates or calls
 * {@link ToolRun.final}, and the run goes on only as fast as events are asked for.
 *
 * It may be iterated more than once, and while `final()` is awaited: each reader has every event from its start on, and
 * the run is made once. Leaving a loop early aborts the run, unless someone else reads or awaits it.
 */
export interface ToolRun extends AsyncIterable<ToolRunEvent>, ToolRunProgress {
  /**
   * Makes the run to its end.
   *
   * @throws {TurnLimitError} the model still wanted tools after `maxTurns`
   * @throws {MaxOutputTokensError} a reply was cut off inside a tool call
   * @throws {RequestAbortedError} the run was aborted
   * @throws {BudgetExceededError} a request could have broken a budget
   * @throws {StreamInterruptedError} a reply broke off
   * @throws {APIError} the API refused a request
   */
  final(): Promise<ToolRunResult>
  /** `idle` until somebody reads; `ended` when nothing more will happen, whatever the outcome. */
  readonly state: 'idle' | 'running' | 'ended'
  /** The text of the replies, of all turns, as it arrives. */
  text(): AsyncIterable<string>
  /**
   * Ends the run: the request is closed, tools get the signal and are not waited for, and their calls stand in the
   * history as interrupted. After the end it does nothing.
   *
   * @returns when the history is complete; it never rejects
   */
  abort(reason?: unknown): Promise<void>
}
