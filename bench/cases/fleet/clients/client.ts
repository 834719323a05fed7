import type { MessageParam } from '@enjamb/core'
import type { Asked } from '../asked.ts'

/** Who asks the workers of an engine. */
export interface Client {
  /** Until it is answered; gives what was said so far where workers keep no sessions. */
  ask(asked: Asked): Promise<MessageParam[]>
  /** A worker has begun to listen on a port, or is gone from there. */
  workers?: Set<number>
  close(): Promise<void>
}

/** What a client needs to know of a run. */
export interface Run {
  database: string
  redis: string
  queue: string
  engine: { ingressUrl: string; adminUrl: string }
}
