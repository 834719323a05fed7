export type {
  AgentEvent,
  AgentToolCallEvent,
  AgentToolResultEvent,
  ReplyEvent,
  TextEvent,
  ThinkingEvent,
} from './agent-event.ts'
export type { AgentOptions } from './agent-options.ts'
export { type Agent, createAgent } from './create-agent.ts'
export { query } from './query.ts'
export type { SendOptions, Session } from './session.ts'
export type { Turn, TurnResult } from './turn.ts'
