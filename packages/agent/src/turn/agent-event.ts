import type { Message } from '@enjamb/core'
import type { ToolCallRecord } from '@enjamb/tools'

/** What happens in a turn of a session, in order. */
export type AgentEvent = TextEvent | ThinkingEvent | AgentToolCallEvent | AgentToolResultEvent | ReplyEvent

/** A piece of the answer. */
export interface TextEvent {
  type: 'text'
  text: string
}

/** A piece of what the model thinks before it answers. */
export interface ThinkingEvent {
  type: 'thinking'
  text: string
}

/** The model has asked for a tool. */
export interface AgentToolCallEvent {
  type: 'tool_call'
  id: string
  name: string
  input: unknown
}

/** A tool has answered, `ms` milliseconds after it began. */
export interface AgentToolResultEvent extends ToolCallRecord {
  type: 'tool_result'
}

/** A reply of the model is complete; another follows where it asked for tools. */
export interface ReplyEvent {
  type: 'reply'
  message: Message
}
