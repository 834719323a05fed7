import type { Client } from '../client/client.ts'
import type { OutgoingRequest } from '../client/middleware.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { isEnjambError } from '../errors/enjamb-error.ts'
import { RequestAbortedError } from '../errors/request-aborted-error.ts'
import { RequestTimeoutError } from '../errors/request-timeout-error.ts'
import { abortable, sleep } from './abortable.ts'
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
  /** The answer is a stream: `timeoutMs` ends with the headers, and the reader minds the rest. */
  stream?: boolean
}

/** A response whose body has not been read, inside its attempt. */
export interface Exchange {
  readonly response: Response
  readonly requestId: string | undefined
  /** Aborts with a typed error at the caller's wish, on a timeout and through {@link Exchange.abort}. */
  readonly signal: AbortSignal
  abort(reason: unknown): void
  /** Says that the body outlives the attempt; whoever reads it calls the function returned here at its end. */
  keep(): () => void
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
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(client, spec, body, attempt, options, read)
    } catch (error) {
      const delay = retryDelay(error, attempt, retry)
      if (delay === undefined) throw error
      client.logger?.warn?.(`${(error as Error).message} Trying again in ${Math.round(delay)} ms.`)
      await sleep(delay, options.signal).catch((reason) => {
        throw aborted(reason)
      })
    }
  }
}

async function attemptOnce<T>(
  client: Client,
  spec: RequestSpec,
  body: string | undefined,
  attempt: number,
  options: RequestOptions,
  read: (exchange: Exchange) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const onAbort = () => controller.abort(aborted(options.signal?.reason))
  if (options.signal?.aborted) onAbort()
  else options.signal?.addEventListener('abort', onAbort)
  const timeoutMs = options.timeoutMs ?? client.timeoutMs
  const timer = startTimeout(timeoutMs, controller)
  const release = () => options.signal?.removeEventListener('abort', onAbort)
  let kept = false
  const work = async () => {
    const headers = await requestHeaders(client, options)
    const url = `${client.baseURL}${spec.path}${headers.has('anthropic-beta') ? '?beta=true' : ''}`
    const { method } = spec
    signal.throwIfAborted()
    const response = await passOn(client, { method, url, headers, body, signal, attempt, project: options.project })
    await assertOk(response, url)
    if (spec.stream) clearTimeout(timer)
    const keep = () => {
      kept = true
      return release
    }
    const requestId = response.headers.get('request-id') ?? undefined
    return read({ response, requestId, signal, abort: (reason) => controller.abort(reason), keep })
  }
  try {
    return await abortable(work(), signal)
  } catch (error) {
    kept = false
    throw signal.aborted ? signal.reason : asConnectionError(error, client.baseURL)
  } finally {
    clearTimeout(timer)
    if (!kept) release()
  }
}

function startTimeout(ms: number, controller: AbortController): ReturnType<typeof setTimeout> | undefined {
  // setTimeout takes 31 bits and fires at once beyond them; 24 days and no limit are the same thing here.
  if (!ms || ms > 2 ** 31 - 1) return undefined
  return setTimeout(() => {
    controller.abort(
      new RequestTimeoutError(`No complete answer within ${ms} ms; raise timeoutMs, or stream the answer.`),
    )
  }, ms)
}

function passOn(client: Client, request: OutgoingRequest): Promise<Response> {
  const layers = client.middleware
  const next =
    (index: number) =>
    (request: OutgoingRequest): Promise<Response> => {
      const layer = layers[index]
      if (layer) return layer(request, next(index + 1))
      const { url, method, headers, body, signal } = request
      client.logger?.debug?.(`${method} ${url}`)
      // A redirect would carry the key to another host, so none is followed.
      const init = { method, headers, signal, redirect: 'manual', ...(body === undefined ? {} : { body }) } as const
      return (client.fetch ?? fetch)(url, init)
    }
  return next(0)(request)
}

function aborted(reason: unknown): RequestAbortedError {
  return new RequestAbortedError('The request was aborted.', { cause: reason })
}

/** What the platform throws when a connection fails, in words; errors of ours, and the caller's own, stay as they are. */
export function asConnectionError(error: unknown, url: string): unknown {
  if (isEnjambError(error) || !(error instanceof Error)) return error
  const { code } = ((error.cause as { code?: string } | undefined) ?? error) as { code?: string }
  return new ConnectionError(`No answer from ${url} (${code ?? error.message}). Check the network and baseURL.`, {
    cause: error,
  })
}
