import type { OutgoingRequest } from '../client/middleware.ts'
import { asConnectionError } from './answer/as-connection-error.ts'
import { assertOk } from './answer/assert-ok.ts'
import { createAttempt } from './attempt.ts'
import type { Call } from './call.ts'
import { fetchResponse } from './fetch-response.ts'
import { requestHeaders } from './request-headers.ts'

/**
 * One attempt: the pause before it, the credential, all middleware, the request and the reading of its answer.
 *
 * @param refresh whether the last credential was refused
 */
export async function tryOnce<T>(call: Call<T>, number: number, delay: number, refresh: boolean): Promise<T> {
  const { client, spec, options, timeoutMs, deadlineMs } = call
  const attempt = createAttempt(options.signal)
  const { signal, abort, settle } = attempt
  let stopTimeout = () => {}

  const transport = async (request: OutgoingRequest): Promise<Response> => {
    signal.throwIfAborted()
    stopTimeout()
    // From here on: how long a middleware holds a request back is its own affair.
    stopTimeout = attempt.abortIn(timeoutMs, `No complete answer in ${timeoutMs} ms (timeoutMs).`)
    attempt.note({ sent: true })
    const { method, url } = request
    client.logger?.debug?.(`${method} ${url}`)
    return fetchResponse(client, request).catch((error) => {
      throw asConnectionError(error, url, ' Is baseURL right?')
    })
  }

  const work = async (): Promise<T> => {
    if (delay) await attempt.wait(delay)
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
    attempt.note({ response })
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
    const value = await attempt.run(work)
    if (!spec.stream) settle({ value })
    return value
  } catch (error) {
    settle({ error })
    throw error
  }
}
