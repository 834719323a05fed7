import type { Client } from '../client/client.ts'
import type { OutgoingRequest } from '../client/middleware.ts'
import { asConnectionError } from './as-connection-error.ts'
import { assertOk } from './assert-ok.ts'
import { createAttempt } from './attempt.ts'
import { requestHeaders } from './request-headers.ts'
import type { Exchange, RequestOptions, RequestSpec } from './send.ts'

/** What all attempts of a call have in common. */
export interface Call<T> {
  client: Client
  spec: RequestSpec
  options: RequestOptions
  read: (exchange: Exchange) => Promise<T>
  timeoutMs: number
  deadlineMs: number
  /** On the clock of `performance.now()`. */
  deadline: number
  body: string | FormData | undefined
  idempotencyKey: string | undefined
}

/**
 * One attempt: the pause before it, the credential, all middleware, the request and the reading of its answer.
 *
 * @param refresh whether the last credential was refused
 */
export async function tryOnce<T>(call: Call<T>, number: number, delay: number, refresh: boolean): Promise<T> {
  const { client, spec, options, timeoutMs, deadlineMs } = call
  const attempt = createAttempt(options.signal)
  const { signal, abort } = attempt
  let sent = false
  let response: Response | undefined
  let stopTimeout = () => {}
  const settle: Exchange['settle'] = ({ value, error, firstContentAt }) => {
    attempt.settle({ sent, response, value, error, firstContentAt })
    attempt.unlink()
  }

  const transport = async (request: OutgoingRequest): Promise<Response> => {
    signal.throwIfAborted()
    stopTimeout()
    // From here on: how long a middleware holds a request back is its own affair.
    stopTimeout = attempt.abortIn(timeoutMs, `No complete answer in ${timeoutMs} ms (timeoutMs).`)
    sent = true
    const { method, url, headers, body } = request
    client.logger?.debug?.(`${method} ${url}`)
    // A redirect would carry the key to another host, so none is followed.
    const init = { method, headers, body, signal: request.signal, redirect: 'manual' } as RequestInit
    return (client.fetch ?? fetch)(url, init).catch((error) => {
      throw asConnectionError(error, url)
    })
  }

  const work = async (): Promise<T> => {
    if (delay) await attempt.wait(delay)
    const headers = await requestHeaders(call, refresh)
    signal.throwIfAborted()
    const beta = headers.has('anthropic-beta') ? `${spec.path.includes('?') ? '&' : '?'}beta=true` : ''
    response = await client.middleware.reduceRight<typeof transport>(
      (next, layer) => (request) => layer(request, next),
      transport,
    )({
      method: spec.method,
      url: `${client.baseURL}${spec.path}${beta}`,
      headers,
      body: call.body,
      params: spec.body,
      signal,
      attempt: number,
      project: options.project,
      onOutcome: attempt.onOutcome,
    })
    options.onResponse?.(response)
    await assertOk(response)
    signal.throwIfAborted()
    if (spec.stream) stopTimeout()
    const requestId = response.headers.get('request-id') ?? undefined
    return call.read({ response, requestId, signal, abort, observed: attempt.isObserved(), settle })
  }

  try {
    attempt.abortIn(
      Math.max(call.deadline - performance.now(), 1),
      `No complete answer in ${deadlineMs} ms (deadlineMs).`,
    )
    const value = await Promise.race([attempt.ended, work()])
    if (!spec.stream) settle({ value })
    return value
  } catch (error) {
    settle({ error })
    throw error
  } finally {
    attempt.stopTimers()
  }
}
