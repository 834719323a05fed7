import type { APIError, Message, StreamEvent } from '@enjamb/core'
import type { ToolResultBody } from '../call/tool-result.ts'

/** A call that has been answered. */
export interface ToolCallRecord {
  id: string
  name: string
  input: unknown
  /** As the model gets it. */
  result: ToolResultBody
  isError: boolean
  /** From the start of its work to its end, without the time it waited for others. */
  ms: number
}

/** What happens in a run, in order. `turn` counts requests to the model from 1; 0 is what a resumed history still owed. */
export type ToolRunEvent =
  | TurnStartEvent
  | BlockRefusedEvent
  | ModelStreamEvent
  | ToolCallEvent
  | ToolProgressEvent
  | ToolResultEvent
  | ToolDeferredEvent
  | TurnEndEvent

/** A request is about to be sent; again with the same number where it is sent again in another form. */
export interface TurnStartEvent {
  type: 'turn_start'
  turn: number
}

/**
 * The API refused the request for one block of the history, which `error` names: a broken picture, say. A text stands in its
 * place from here on, or nothing where it was thinking, and the request is sent again.
 */
export interface BlockRefusedEvent {
  type: 'block_refused'
  turn: number
  error: APIError
}

/** The model's stream, event by event, as it came. */
export interface ModelStreamEvent {
  type: 'stream'
  turn: number
  event: StreamEvent
}

/** The model has asked for a tool, and its input is complete. The tool may have to wait for others. */
export interface ToolCallEvent {
  type: 'tool_call'
  turn: number
  id: string
  name: string
  input: unknown
}

/** Something that a tool reported through its context. */
export interface ToolProgressEvent {
  type: 'tool_progress'
  turn: number
  id: string
  name: string
  data: unknown
}

/** A call is answered; these come as the tools finish, the model's stream going on beside them. */
export interface ToolResultEvent extends ToolCallRecord {
  type: 'tool_result'
  turn: number
}

/** A call waits for somebody, and the run ends after this turn. */
export interface ToolDeferredEvent {
  type: 'tool_deferred'
  turn: number
  id: string
  name: string
  input: unknown
}

/** The reply is complete, and it stands in the history together with the results of its calls. */
export interface TurnEndEvent {
  type: 'turn_end'
  turn: number
  message: Message
}
