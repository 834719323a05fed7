import type { AgentEvent } from '../turn/agent-event.ts'

/** What happens in a session, as whoever follows it is told. */
export type SessionEvent = AgentEvent & {
  /**
   * How far a reader has come that has this event: given as `after`, it goes on with the very next one, in any process, also
   * in the middle of a reply. Begins with the `seq` of the last fact.
   */
  position: string
}

/** Where and how long to follow a session. */
export interface EventsOptions {
  /** The `position` of the last event that is known, or its `seq`. Default: from the beginning. */
  after?: number | string | undefined
  /** Ends the events, without an error. */
  signal?: AbortSignal | undefined
}
