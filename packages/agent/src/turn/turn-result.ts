import type { Cost, Message, ModelChoice, Usage } from '@enjamb/core'
import type { ToolCallRecord } from '@enjamb/tools'
import type { TurnStatus } from '../journal/entry.ts'
import type { Pending } from './agent-event.ts'

/**
 * What one turn of a session came to.
 *
 * @typeParam Value what the answer stands for, where a schema was given
 */
export interface TurnResult<Value = undefined> {
  /**
   * `waiting`: calls wait for somebody, see `pending`. `refused`: the model declined, and the turn has left the history, or a hook
   * did not let the prompt be asked.
   * `interrupted`: somebody ended it. `over_budget`, `turn_limit`: the next request was not made. A turn that fails throws.
   */
  status: Exclude<TurnStatus, 'failed'>
  /** Why it was not completed, where that is known: what a hook or the model refused it for, what interrupted it. */
  reason?: string | undefined
  /** The session's model and why it was chosen, where the agent has it chosen; see the agent's `model`. */
  choice: ModelChoice | undefined
  /** Ids of prompts that were sent `now` and that it did not come to ask: they are in no history, and can be sent again. */
  unsent: readonly string[]
  /** The text of the last reply; of one that the API paused on the way, what came after the pause. */
  text: string
  /** The last reply, as far as it came; `undefined` where none did. */
  message: Message | undefined
  /** What the answer stands for, checked; where a schema was given, and the turn is completed. */
  value: Value | undefined
  /** What waits, where something does. */
  pending: readonly Pending[]
  /** In the order in which they were answered. */
  calls: readonly ToolCallRecord[]
  /** Summed over all requests of this turn, those of its tools included; `undefined` where none was answered. */
  usage: Usage | undefined
  /** At list prices, of the same requests; `undefined` for a model without one. */
  cost: Cost | undefined
  /** How many replies the turn took. */
  requests: number
  durationMs: number
}
