import { messageText } from '@enjamb/chat'
import type { Cost, Message, Usage } from '@enjamb/core'
import type { ToolCallRecord, ToolRun, ToolRunEvent, ToolRunResult } from '@enjamb/tools'
import type { AgentEvent } from './agent-event.ts'

/** What one turn of a session came to. */
export interface TurnResult {
  /** The text of the last reply; of one that the API paused on the way, what came after the pause. */
  text: string
  /** The last reply. */
  message: Message
  /** Summed over the requests of this turn. */
  usage: Usage
  /** At list prices; `undefined` for a model without one. */
  cost: Cost | undefined
  /** How many requests the turn took. */
  requests: number
  calls: readonly ToolCallRecord[]
}

/**
 * One question to a session and all that follows until the model is done. Nothing is sent before it is read; leaving the
 * loop early ends the turn, with the history as it is by then.
 *
 * It throws as `runTools` does, and whatever it throws, the session can go on.
 */
export interface Turn extends AsyncIterable<AgentEvent> {
  /** Makes the turn to its end; may be called beside a loop, or after it. */
  final(): Promise<TurnResult>
  /** The text of the answers as it arrives. */
  text(): AsyncIterable<string>
  /** Ends the turn; resolves when the history is complete, from when on the session takes the next. */
  abort(reason?: unknown): Promise<void>
}

export function toTurn(run: ToolRun, onAbort: () => void): Turn {
  return {
    async *[Symbol.asyncIterator]() {
      for await (const event of run) yield* toAgentEvents(event)
    },
    text: () => run.text(),
    abort: (reason) => {
      onAbort()
      return run.abort(reason)
    },
    final() {
      const result = run.final().then(toTurnResult)
      // Whoever reads in a loop gets the error there.
      result.catch(() => {})
      return result
    },
  }
}

function toTurnResult({ message, usage, cost, turns, calls }: ToolRunResult): TurnResult {
  return { text: messageText(message), message, usage, cost, requests: turns, calls }
}

function toAgentEvents(event: ToolRunEvent): AgentEvent[] {
  if (event.type === 'turn_end') return [{ type: 'reply', message: event.message }]
  if (event.type === 'tool_call' || event.type === 'tool_result') {
    const { turn, ...rest } = event
    return [rest]
  }
  if (event.type !== 'stream' || event.event.type !== 'content_block_delta') return []
  const { delta } = event.event
  if (delta.type === 'text_delta') return [{ type: 'text', text: delta.text }]
  if (delta.type === 'thinking_delta') return [{ type: 'thinking', text: delta.thinking }]
  return []
}
