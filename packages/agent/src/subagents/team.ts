import type { Tool, ToolContext } from '@enjamb/tools'
import type { PendingEntry } from '../journal/entry.ts'
import type { Places } from './places.ts'
import type { Subagent } from './subagent.ts'

/** Which sub-agents a session may have. */
export interface TeamSettings {
  agents: readonly Subagent[]
  /** How deep they may be: 1 is a sub-agent that has none itself. */
  depth: number
  /** Shared by all below one session. */
  places: Places
}

/** The sub-agents of one session. */
export interface Team {
  /** With which the model asks them. */
  tool: Tool
  /** Calls below one of Task that wait for somebody. */
  waitingBelow(callId: string): readonly PendingEntry[]
  /**
   * Lets those in the background go on that a crash has cut off, and has those report that have not.
   *
   * @param budget what they may spend
   */
  wake(budget: ToolContext['budget']): Promise<void>
  /** Ends those that are waited for. */
  halt(reason: unknown): void
  /** Until those that are waited for have ended. */
  rested(): Promise<void>
  /** Until those in the background have ended. */
  settled(): Promise<void>
  /** Ends all of them, and resolves when they have ended. */
  stop(reason?: unknown): Promise<void>
}
