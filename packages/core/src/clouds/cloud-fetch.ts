import { ConfigError } from '../errors/config-error.ts'
import { toErrorAnswer } from './answer/to-error-answer.ts'
import { withHeader } from './answer/with-header.ts'
import type { Cloud, CloudRequest } from './cloud.ts'

/**
 * A `fetch` for requests to the API that asks a cloud, so that middleware and all that stands above know the API alone.
 *
 * @param own what sends the requests; default: the platform's `fetch`, looked up at each request
 * @throws {ConfigError} the cloud has nothing of such a path; then nothing is sent
 */
export function cloudFetch(cloud: Cloud, own: typeof fetch | undefined): typeof fetch {
  return async (input, { method = 'GET', headers: given, body, signal = null, redirect = 'manual' } = {}) => {
    const [, base = '', path = '', query = ''] = /^([^?]*)(\/v1\/[^?]*)(.*)$/.exec(String(input)) ?? []
    if (!cloud.serves.test(path)) throw new ConfigError(refusal(cloud, path))
    const headers = new Headers(given)
    const request: CloudRequest = { base, path, headers, body: typeof body === 'string' ? body : '' }
    const target = (await cloud.toTarget?.(request)) ?? { url: `${base}${path}${query}` }
    const init: RequestInit = { method, headers, body: target.body ?? body ?? null, signal, redirect }
    const response = await (own ?? fetch)(target.url, init)
    const id = cloud.requestId && response.headers.get(cloud.requestId)
    if (id && !response.headers.get('request-id')) withHeader(response, 'request-id', id)
    if (response.status >= 400) return toErrorAnswer(response, cloud)
    return response.ok && cloud.toAnswer ? cloud.toAnswer(response, request) : response
  }
}

function refusal({ name, serves }: Cloud, path: string): string {
  const [asked = path] = /^\/v1\/(messages\/)?\w+/.exec(path) ?? []
  const all = ['/v1/messages', '/v1/messages/count_tokens', '/v1/messages/batches', '/v1/files', '/v1/models']
  return `${name} has no ${asked}: of the API it has ${all.filter((each) => serves.test(each)).join(', ')}.`
}
