import type { HeaderOverrides } from '../client/merge-headers.ts'
import type { Outcome } from '../client/middleware.ts'
import type { RetryOptions } from '../client/retry-options.ts'

/** What any call takes beside its parameters. */
export interface RequestOptions {
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  idleTimeoutMs?: number | undefined
  deadlineMs?: number | undefined
  /** Win over everything that would be sent otherwise; `null` removes a header. */
  headers?: HeaderOverrides | undefined
  /** Added to the client's. */
  betas?: string[] | undefined
  retry?: Partial<RetryOptions> | undefined
  /** Whose budget this call counts against, where a usage meter is in place. */
  project?: string | undefined
  /** Is given every attempt's response as soon as its headers are here, whatever its status; its body is in other hands. */
  onResponse?: ((response: Response) => void) | undefined
}

/** What to send. */
export interface RequestSpec {
  method: string
  /** From `/v1/` on, perhaps with a query. */
  path: string
  /** Becomes JSON; a form is sent as it is. */
  body?: unknown
  /** What this endpoint needs beside the client's betas and the call's. */
  betas?: readonly string[] | undefined
  /**
   * The answer is a stream that outlives `read`: `timeoutMs` ends with the headers, and the caller's signal is heeded
   * until the reader calls {@link Exchange.settle}.
   */
  stream?: boolean
}

/** A response whose body has not been read, inside its attempt. */
export interface Exchange {
  readonly response: Response
  readonly requestId: string | undefined
  /** Aborts with a typed error at the caller's wish, on a timeout and through {@link Exchange.abort}. */
  readonly signal: AbortSignal
  abort(reason: unknown): void
  /** Whether a middleware waits to be told how it ends: then a body that is only passed on must be read, too. */
  readonly observed: boolean
  /** Tells middleware how it ended. `send` does so itself where the answer is no stream, or the attempt fails. */
  settle(outcome: Partial<Pick<Outcome, 'value' | 'error' | 'firstContentAt'>>): void
}
