import type { Message, StreamEvent } from '@enjamb/core'
import { isCutOff, toolUses } from '../history.ts'
import type { TurnCalls } from './turn-calls.ts'

/**
 * Starts each call of a reply as soon as an event proves it complete, and none of a reply that was refused or cut off
 * inside one.
 *
 * @param message what has arrived, perhaps ahead of the event
 * @param whole where the blocks that have ended are noted
 */
export function readCalls(event: StreamEvent, message: Message, whole: Set<number>, calls: TurnCalls): void {
  const { type } = event
  if (type === 'content_block_stop') whole.add(event.index)
  const ended = type === 'message_stop'
  const cutInCall = ended && isCutOff(message) && toolUses(message).some((call) => !calls.has(call.id))
  if (message.stop_reason === 'refusal' || cutInCall) calls.halted = true
  else if (ended || type === 'content_block_stop' || type === 'content_block_start') {
    message.content.forEach((block, index) => {
      if (block.type !== 'tool_use') return
      // A call cut off before its first byte looks like one without input, until the model goes on after it.
      const complete = type !== 'content_block_stop' || Object.keys(Object(block.input)).length
      if (ended || (complete && whole.has(index))) calls.ask(block)
    })
  }
}
