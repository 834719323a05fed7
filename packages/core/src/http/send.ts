import type { Client } from '../client/client.ts'
import type { OutgoingRequest } from '../client/middleware.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { isEnjambError } from '../errors/enjamb-error.ts'
import { RequestAbortedError } from '../errors/request-aborted-error.ts'
import { RequestTimeoutError } from '../errors/request-timeout-error.ts'
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
  const retry = { ...client.retry, ...options.retry }
  const body = spec.body === undefined ? undefined : JSON.stringify(spec.body)
  let delay: number | undefined
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(client, spec, options, body, attempt, delay, read)
    } catch (error) {
      delay = retryDelay(error, attempt, retry)
      if (delay === undefined) throw error
      client.logger?.warn?.(`${(error as Error).message} Trying again in ${Math.round(delay)} ms.`)
    }
  }
}

async function attemptOnce<T>(
  client: Client,
  spec: RequestSpec,
  options: RequestOptions,
  body: string | undefined,
  attempt: number,
  delay: number | undefined,
  read: (exchange: Exchange) => Promise<T>,
): Promise<T> {
  const { signal: caller, project, timeoutMs = client.timeoutMs } = options
  const controller = new AbortController()
  const { signal } = controller
  const abort = (reason: unknown) => controller.abort(reason)
  const onAbort = () => abort(new RequestAbortedError('The request was aborted.', { cause: caller?.reason }))
  const release = () => caller?.removeEventListener('abort', onAbort)
  let timer: ReturnType<typeof setTimeout> | undefined

  const work = async () => {
    if (delay) await new Promise((resolve) => (timer = setTimeout(resolve, delay)))
    // setTimeout takes 31 bits and fires at once beyond them; 24 days and no limit are the same thing here.
    if (timeoutMs && timeoutMs < 2 ** 31) {
      timer = setTimeout(
        () => abort(new RequestTimeoutError(`No complete answer in ${timeoutMs} ms (timeoutMs).`)),
        timeoutMs,
      )
    }
    const headers = await requestHeaders(client, options)
    const url = `${client.baseURL}${spec.path}${headers.has('anthropic-beta') ? '?beta=true' : ''}`
    const response = await passOn(client, { method: spec.method, url, headers, body, signal, attempt, project })
    await assertOk(response, url)
    if (spec.stream) clearTimeout(timer)
    return read({ response, requestId: response.headers.get('request-id') ?? undefined, signal, abort })
  }

  try {
    if (caller?.aborted) onAbort()
    caller?.addEventListener('abort', onAbort)
    // A fetch that someone passed in need not heed the signal, so the attempt does.
    const result = await new Promise<T>((resolve, reject) => {
      const stop = () => reject(signal.reason)
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop)
      work().then(resolve, reject)
    })
    if (!spec.stream) release()
    return result
  } catch (error) {
    release()
    throw signal.aborted ? signal.reason : asConnectionError(error, client.baseURL)
  } finally {
    clearTimeout(timer)
  }
}

function passOn(client: Client, request: OutgoingRequest): Promise<Response> {
  return client.middleware.reduceRight<(request: OutgoingRequest) => Promise<Response>>(
    (next, layer) => (request) => layer(request, next),
    ({ url, method, headers, body, signal }) => {
      client.logger?.debug?.(`${method} ${url}`)
      // A redirect would carry the key to another host, so none is followed.
      return (client.fetch ?? fetch)(url, { method, headers, body: body ?? null, signal, redirect: 'manual' })
    },
  )(request)
}

/** What the platform throws when a connection fails, in words; errors of ours, and the caller's own, stay as they are. */
export function asConnectionError(error: unknown, url: string): unknown {
  if (isEnjambError(error) || !(error instanceof Error)) return error
  const { code, message } = (error.cause ?? error) as Error & { code?: string }
  return new ConnectionError(`No answer from ${url} (${code ?? message}). Is baseURL right?`, { cause: error })
}
