import { EnjambError, type ErrorFields } from '@enjamb/core'

/** What is wrong with a fleet itself: see {@link FleetError.reason}. */
export type FleetErrorReason =
  /** Nothing answers at the engine's address. */
  | 'unreachable'
  /** What answers there is no engine of this kind, or none of a release that this one knows. */
  | 'version'
  /** No worker has been registered, or one of an older release. */
  | 'no_worker'
  /** The engine has refused a call, or failed at it. */
  | 'engine'
  /** Somebody has ended the call in the engine. */
  | 'cancelled'

/** The engine of a fleet could not do what it was asked for. What a turn fails with is thrown as the error that it was. */
export class FleetError extends EnjambError {
  override get code(): string {
    return 'fleet'
  }
  declare readonly reason: FleetErrorReason
  /** Of the engine's answer; `undefined` where none came. */
  declare readonly status: number | undefined

  constructor(message: string, fields: ErrorFields & { reason: FleetErrorReason; status?: number | undefined }) {
    super(message, fields)
  }

  override get retryable(): boolean {
    return this.reason === 'unreachable' || (this.reason === 'engine' && (this.status ?? 500) >= 500)
  }
}
