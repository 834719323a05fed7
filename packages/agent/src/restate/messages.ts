import type { UserMessageParam } from '@enjamb/core'
import type { JSONSchema } from '@enjamb/tools'
import type { Decision } from '../session/session.ts'
import type { TurnResult } from '../turn/turn-result.ts'

/** The engine's names of what a worker serves. */
export const sessionsName = 'enjamb_sessions'
export const schedulesName = 'enjamb_schedules'
export const pacersName = 'enjamb_pacers'

/** What is sent to the handlers of a session. They stay as they are: calls of old clients wait in the engine. */
export interface TurnMessage {
  id: string
  /** Without it, what is there goes on. */
  prompt?: UserMessageParam['content'] | undefined
  by?: string | undefined
  schema?: JSONSchema | undefined
}

export interface DecideMessage {
  call: string
  decision: Decision
}

export interface EventsMessage {
  after?: string | undefined
  /** How long to wait for something new. */
  waitMs: number
}

export interface ScheduleMessage extends TurnMessage {
  session: string
  everyMs: number
  /** When the first one is due, in milliseconds since 1970. */
  at: number
}

/** A turn that was tried too often, and why. */
export interface Parked {
  parked: string
  /** In milliseconds since 1970. */
  since: number
}

/** What a turn came to, without what only its journal needs to keep. */
export type FleetResult = Omit<TurnResult<unknown>, 'message' | 'calls'>

export function toFleetResult({ message: _, calls: __, ...result }: TurnResult<unknown>): FleetResult {
  return result
}
