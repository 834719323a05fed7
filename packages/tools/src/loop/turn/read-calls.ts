import type { Message, StreamEvent } from '@enjamb/core'
import { isCutOff, toolUses } from '../history.ts'
import type { TurnCalls } from './turn-calls.ts'

/**
 * Starts each call of a reply as soon as an event proves it complete, and none of a reply that was refused or cut off
 * inside one.
 *
 * @param message what has arrived, perhaps ahead of the event
 * @param whole where the blocks that have ended are noted
 * @param early `false` where another model may yet answer in place of this one
 */
export function readCalls(
  event: StreamEvent,
  message: Message,
  whole: Set<number>,
  calls: TurnCalls,
  early: boolean,
): void {
  const { type } = event
  if (type === 'content_block_stop') whole.add(event.index)
  const ended = type === 'message_stop'
  const cutInCall = ended && isCutOff(message) && toolUses(message).some((call) => !calls.has(call.id))
  if (message.stop_reason === 'refusal' || cutInCall) calls.halted = true
  else if (ended || (early && (type === 'content_block_stop' || type === 'content_block_start'))) {
    for (const call of toolUses(message)) {
      const { INVALID_JSON, ...input } = Object(call.input)
      // A call cut off looks like one without input, or like one that is no JSON, until the model goes on after it.
      const complete = type !== 'content_block_stop' || (Object.keys(input).length && INVALID_JSON === undefined)
      if (ended || (complete && whole.has(message.content.indexOf(call)))) calls.ask(call)
    }
  }
}
