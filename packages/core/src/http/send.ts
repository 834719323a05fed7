import type { Client } from '../client/client.ts'
import { inBrowser } from '../client/in-browser.ts'
import { mergeOptions } from '../client/merge-options.ts'
import type { Outcome } from '../client/middleware.ts'
import type { HeaderOverrides } from './merge-headers.ts'
import { mergeRetry, type RetryOptions, retryDelay } from './retry.ts'
import { type Call, tryOnce } from './try-once.ts'

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
  betas?: readonly string[]
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

/**
 * The one way to the API: credential, middleware, timeout and retries around both the request and `read`, so that a
 * body that breaks is retried like a connection that breaks.
 *
 * @param read takes what it needs from the response; what it throws decides about a retry
 * @throws {APIError} or one of its classes, as the API answered
 * @throws {ConnectionError} {@link RequestTimeoutError}, {@link RequestAbortedError}, {@link ConfigError}
 */
export async function send<T>(
  client: Client,
  spec: RequestSpec,
  options: RequestOptions,
  read: (exchange: Exchange) => Promise<T>,
): Promise<T> {
  const { timeoutMs, deadlineMs } = mergeOptions<{ timeoutMs: number; deadlineMs: number }>(client, options)
  const retry = mergeRetry(client.retry, options.retry)
  const { body } = spec
  const call: Call<T> = {
    client,
    spec,
    options,
    read,
    timeoutMs,
    deadlineMs,
    deadline: deadlineMs ? performance.now() + deadlineMs : Number.POSITIVE_INFINITY,
    body: body instanceof FormData ? body : (JSON.stringify(body) as string | undefined),
    // One for all attempts. A browser would ask the server's leave for it.
    idempotencyKey: spec.method === 'POST' && !inBrowser() ? crypto.randomUUID() : undefined,
  }
  const renewable = [client.apiKey, client.authToken].some((credential) => typeof credential === 'function')
  let retries = 0
  let delay = 0
  let refresh = false
  let refreshed = false
  for (let number = 0; ; number++) {
    try {
      return await tryOnce(call, number, delay, refresh)
    } catch (error) {
      refresh = renewable && !refreshed && Object(error).status === 401
      refreshed ||= refresh
      delay = refresh ? 0 : retryDelay(error, retries++, retry, call.deadline - performance.now())
      client.logger?.warn?.(`${(error as Error).message} Retry in ${Math.round(delay)} ms.`)
    }
  }
}
