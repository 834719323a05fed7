import { isEnjambError } from '@enjamb/core'

/** What is written down of an error that ended something. */
export interface ErrorFacts {
  name: string
  /** Of an error of this project: stable, to switch on. */
  code?: string | undefined
  message: string
  /** The same may succeed if it is asked for again. */
  retryable?: true | undefined
  /** When a limit ends, or the wait that the server asked for is over; ISO 8601. */
  resetsAt?: string | undefined
  /** Name this to Anthropic's support. */
  requestId?: string | undefined
}

export function toErrorFacts(error: unknown): ErrorFacts {
  const { name = 'Error', message = String(error), requestId, resetsAt } = Object(error)
  return {
    name,
    message,
    ...(isEnjambError(error) && { code: error.code, ...(error.retryable && { retryable: true }) }),
    ...(resetsAt instanceof Date && { resetsAt: resetsAt.toISOString() }),
    ...(typeof requestId === 'string' && { requestId }),
  }
}
