import { callHeaders, checkCall } from '#platform'
import type { Client } from '../client/client.ts'
import { warn } from '../client/logger.ts'
import { mergeOptions } from '../client/merge-options.ts'
import { mergeRetry } from '../client/retry-options.ts'
import type { Call } from './call.ts'
import type { Exchange, RequestOptions, RequestSpec } from './request.ts'
import { retryDelay } from './retry-delay.ts'
import { toBody } from './to-body.ts'
import { tryOnce } from './try-once.ts'

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
  checkCall(options)
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
    deadline: deadlineMs ? performance.now() + deadlineMs : Infinity,
    body: toBody(body),
    headers: callHeaders(client, spec.method, spec.stream),
  }
  let renewable = [client.apiKey, client.authToken].some((credential) => typeof credential === 'function')
  let retries = 0
  let delay = 0
  let refresh = false
  for (let number = 0; ; number++) {
    try {
      return await tryOnce(call, number, delay, refresh)
    } catch (error) {
      refresh = renewable && Object(error).status === 401
      if (refresh) renewable = false
      delay = refresh ? 0 : retryDelay(error, retries++, retry, call.deadline - performance.now())
      warn(client.logger, `${(error as Error).message} Retry in ${Math.round(delay)} ms.`)
    }
  }
}
