import type { Outcome } from '../../client/middleware.ts'
import type { PricedUsage } from '../../models/usage-by-model.ts'

/** Money set aside for one call. Only the first of its methods that is called counts. */
export interface Reservation {
  readonly project: string
  readonly model: string
  /** The most that the call can cost, in whole nano-dollars; `undefined` where there is no telling, and no budget. */
  readonly nanoUsd: number | undefined
  /** The call has cost this. */
  settle(usage: PricedUsage): Promise<void>
  /** The call has cost nothing. */
  release(): Promise<void>
  /** The call has ended thus: what it costs follows from it, as for calls of the middleware. */
  close(outcome: Outcome): Promise<void>
}
