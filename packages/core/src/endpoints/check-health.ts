import type { Client } from '../client/client.ts'
import type { APIError } from '../errors/api/api-error.ts'
import { isEnjambError } from '../errors/enjamb-error.ts'
import { readJSON } from '../http/answer/read-json.ts'
import type { RequestOptions } from '../http/request.ts'
import { send } from '../http/send.ts'

/** One thing that calls depend on. `unknown`: another one failed first. */
export interface ServiceHealth {
  status: 'ok' | 'degraded' | 'down' | 'unknown'
  /** Why it is not `ok`: an error of this project, as plain data without credentials. */
  error?: { code: string; message: string; requestId?: string | undefined }
}

/** What {@link checkHealth} finds; plain data, fit for the answer of a health endpoint. */
export interface Health {
  /** The worst of the services'. */
  status: 'ok' | 'degraded' | 'down'
  /** How long the answer took, or the failure, in milliseconds. */
  latencyMs: number
  services: {
    /** Whether the API answers: `degraded` where it is overloaded; `down` where no good answer comes from it. */
    api: ServiceHealth
    /** Whether it takes this client's calls: `degraded` at a rate limit; `down` where the key is refused or unpaid. */
    credentials: ServiceHealth
  }
}

type Findings = readonly [api: ServiceHealth['status'], credentials: ServiceHealth['status']]

/** What a failure tells, by its code; any other says that the API is down. */
const findings: { readonly [code: string]: Findings } = {
  authentication: ['ok', 'down'],
  billing: ['ok', 'down'],
  permission_denied: ['ok', 'down'],
  rate_limit: ['ok', 'degraded'],
  overloaded: ['degraded', 'unknown'],
}

/**
 * Asks whether calls would work now. It lists one model: that takes a valid key and costs no tokens. It does not tell
 * whether each single model answers.
 *
 * One attempt, and 5 s for it unless `timeoutMs` says otherwise. An API that is not well is a result and no error.
 *
 * @throws {ConfigError} there is no credential, or an option is not usable
 * @throws {RequestAbortedError} the signal is aborted; and whatever middleware or a credential function of yours throws
 * @example
 * const health = await checkHealth(client)
 * return Response.json(health, { status: health.status === 'down' ? 503 : 200 })
 */
export async function checkHealth(client: Client, options: RequestOptions = {}): Promise<Health> {
  const once = { ...options, timeoutMs: options.timeoutMs ?? 5_000, retry: { maxRetries: 0, decide: () => undefined } }
  const start = performance.now()
  const error = await send(client, { method: 'GET', path: '/v1/models?limit=1' }, once, readJSON).then(
    () => undefined,
    (error: unknown) => {
      if (!isEnjambError(error) || error.code === 'config' || error.code === 'request_aborted') throw error
      return error as APIError
    },
  )
  const latencyMs = Math.round(performance.now() - start)
  const [api, credentials]: Findings = error ? (findings[error.code] ?? ['down', 'unknown']) : ['ok', 'ok']
  const service = (status: ServiceHealth['status']): ServiceHealth => {
    if (!error || status === 'ok' || status === 'unknown') return { status }
    return { status, error: { code: error.code, message: error.message, requestId: error.requestId } }
  }
  const status = (['down', 'degraded'] as const).find((one) => one === api || one === credentials) ?? 'ok'
  return { status, latencyMs, services: { api: service(api), credentials: service(credentials) } }
}
