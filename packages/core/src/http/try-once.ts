import { fetchDirect, logAttempt, startTimer } from '#platform'
import type { OutgoingRequest } from '../client/middleware.ts'
import { ConfigError } from '../errors/config-error.ts'
import { RequestTimeoutError } from '../errors/connection/request-timeout-error.ts'
import { asConnectionError } from './answer/as-connection-error.ts'
import { assertOk } from './answer/assert-ok.ts'
import { createAttempt } from './attempt.ts'
import type { Call } from './call.ts'
import { requestHeaders } from './request-headers.ts'

/**
 * One attempt: the pause before it, the credential, all middleware, the request and the reading of its answer.
 *
 * @param refresh whether the last credential was refused
 */
export async function tryOnce<T>(call: Call<T>, number: number, delay: number, refresh: boolean): Promise<T> {
  const { client, spec, options, timeoutMs, deadlineMs, deadline } = call
  const attempt = createAttempt(options.signal)
  const { signal, abort, settle, outcome } = attempt
  const limit = (name: string, limitMs: number, ms = limitMs) =>
    startTimer(ms, () => abort(new RequestTimeoutError(`No complete answer in ${limitMs} ms (${name}).`)))
  const stopDeadline = limit('deadlineMs', deadlineMs, Math.max(deadline - performance.now(), 1))
  // Of the pause, then of the answer.
  let stopTimer = () => {}

  const transport = async (request: OutgoingRequest): Promise<Response> => {
    signal.throwIfAborted()
    stopTimer()
    // From here on: how long a middleware holds a request back is its own affair.
    if (timeoutMs) stopTimer = limit('timeoutMs', timeoutMs)
    outcome.sent = true
    logAttempt(client, request)
    try {
      return await fetchDirect(client, request)
    } catch (error) {
      throw asConnectionError(error, request.url, ' Is baseURL right?')
    }
  }

  const work = async (): Promise<T> => {
    if (delay) {
      await new Promise<void>((resolve) => {
        stopTimer = startTimer(delay, resolve)
      })
    }
    const headers = await requestHeaders(call, refresh)
    signal.throwIfAborted()
    const beta = headers.has('anthropic-beta') ? `${spec.path.includes('?') ? '&' : '?'}beta=true` : ''
    const response = await client.middleware.reduceRight<typeof transport>(
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
    outcome.response = response
    options.onResponse?.(response)
    if (response.bodyUsed) throw new ConfigError('middleware must read a response.clone(), not the response.')
    await assertOk(response)
    signal.throwIfAborted()
    if (spec.stream) stopTimer()
    return call.read({
      signal,
      abort,
      settle,
      response,
      requestId: response.headers.get('request-id') ?? undefined,
      observed: attempt.listeners.length > 0,
    })
  }

  try {
    const value = await attempt.run(work)
    if (!spec.stream) settle({ value })
    return value
  } catch (error) {
    settle({ error })
    throw error
  } finally {
    stopTimer()
    stopDeadline()
  }
}
