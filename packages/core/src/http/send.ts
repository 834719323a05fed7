import type { Client } from '../client/client.ts'
import { mergeOptions } from '../client/merge-options.ts'
import type { OutgoingRequest } from '../client/middleware.ts'
import { RequestAbortedError } from '../errors/request-aborted-error.ts'
import { RequestTimeoutError } from '../errors/request-timeout-error.ts'
import { asConnectionError } from './as-connection-error.ts'
import { assertOk } from './assert-ok.ts'
import { requestHeaders } from './request-headers.ts'
import { type RetryOptions, retryDelay } from './retry.ts'

/** What any call takes beside its parameters. */
export interface RequestOptions {
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  idleTimeoutMs?: number | undefined
  /** Win over everything that would be sent otherwise. */
  headers?: HeadersInit | undefined
  /** Added to the client's. */
  betas?: string[] | undefined
  retry?: Partial<RetryOptions> | undefined
  /** Whose budget this call counts against, where a usage meter is in place. */
  project?: string | undefined
}

/** What to send. */
export interface RequestSpec {
  method: string
  /** From `/v1/` on. */
  path: string
  /** Becomes JSON. */
  body?: unknown
  /**
   * The answer is a stream that outlives `read`: `timeoutMs` ends with the headers, and the caller's signal stays
   * linked, so it should be one that lives no longer than the stream.
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
  const { timeoutMs } = mergeOptions<{ timeoutMs: number }>(client, options)
  const retry = mergeOptions(client.retry, options.retry)
  const { signal: caller } = options
  const body = JSON.stringify(spec.body) as string | undefined
  let delay = 0
  for (let attempt = 0; ; attempt++) {
    const controller = new AbortController()
    const { signal } = controller
    let timer: ReturnType<typeof setTimeout> | undefined
    let abort!: (reason: unknown) => void
    // A fetch that someone passed in need not heed the signal, so the attempt does.
    const aborted = new Promise<never>((_, reject) => {
      abort = (reason) => {
        reject(reason)
        controller.abort(reason)
      }
    })
    const onAbort = () => abort(new RequestAbortedError('The request was aborted.', { cause: caller?.reason }))
    const work = async () => {
      if (delay) await new Promise((resolve) => (timer = setTimeout(resolve, delay)))
      // setTimeout takes 31 bits and fires at once beyond them; 24 days and no limit are the same thing here.
      if (timeoutMs && timeoutMs < 2 ** 31) {
        timer = setTimeout(
          () => abort(new RequestTimeoutError(`No complete answer in ${timeoutMs} ms (timeoutMs).`)),
          timeoutMs,
        )
      }
      const response = await request(client, spec, options, body, signal, attempt)
      signal.throwIfAborted()
      if (spec.stream) clearTimeout(timer)
      return read({ response, requestId: response.headers.get('request-id') ?? undefined, signal, abort })
    }
    try {
      if (caller?.aborted) onAbort()
      caller?.addEventListener('abort', onAbort)
      return await Promise.race([aborted, work()])
    } catch (error) {
      delay = retryDelay(error, attempt, retry)
      client.logger?.warn?.(`${(error as Error).message} Retry in ${Math.round(delay)} ms.`)
    } finally {
      clearTimeout(timer)
      if (!spec.stream) caller?.removeEventListener('abort', onAbort)
    }
  }
}

/** The successful response to one attempt, through all middleware. */
async function request(
  client: Client,
  spec: RequestSpec,
  options: RequestOptions,
  body: string | undefined,
  signal: AbortSignal,
  attempt: number,
): Promise<Response> {
  const headers = await requestHeaders(client, options)
  signal.throwIfAborted()
  const url = `${client.baseURL}${spec.path}${headers.has('anthropic-beta') ? '?beta=true' : ''}`
  const response = await client.middleware.reduceRight<(request: OutgoingRequest) => Promise<Response>>(
    (next, layer) => (request) => layer(request, next),
    async (request) => {
      client.logger?.debug?.(`${request.method} ${request.url}`)
      // A redirect would carry the key to another host, so none is followed.
      const init = { ...request, redirect: 'manual' } as RequestInit
      return (client.fetch ?? fetch)(request.url, init).catch((error) => {
        throw asConnectionError(error, request.url)
      })
    },
  )({ method: spec.method, url, headers, body, signal, attempt, project: options.project })
  await assertOk(response)
  return response
}
