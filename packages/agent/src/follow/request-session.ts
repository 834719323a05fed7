import type { HeadersInit } from '../headers-init.ts'
import { SessionRequestError } from './session-request-error.ts'

/** How a server of sessions is asked. */
export interface RequestSettings {
  url: string
  /** Sent with each request; a function is asked each time. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  fetch?: typeof fetch | undefined
}

/** @throws {SessionRequestError} */
export async function requestSession(
  { url, headers, fetch = globalThis.fetch }: RequestSettings,
  path: string,
  { signal, body }: { signal?: AbortSignal | undefined; body?: object | undefined },
): Promise<Response> {
  const all = new Headers(typeof headers === 'function' ? await headers() : headers)
  if (body) all.set('content-type', 'application/json')
  const init = { headers: all, ...(signal && { signal }), ...(body && { method: 'POST', body: JSON.stringify(body) }) }
  let response: Response
  try {
    response = await fetch(`${url}${path}`, init)
  } catch (error) {
    throw toError(undefined, { code: 'connection', message: 'The server could not be reached.' }, error)
  }
  if (response.ok) return response
  const { error } = Object(await response.json().catch(() => undefined))
  throw toError(response.status, Object(error))
}

/** The error that a server tells of. */
export function toError(status: number | undefined, told: unknown, cause?: unknown): SessionRequestError {
  const { code = 'unknown', message = `The server answered with ${status}.`, holder } = Object(told)
  return new SessionRequestError(String(message), {
    status,
    reason: String(code),
    ...(cause !== undefined && { cause }),
    ...(holder && { holder: { ...holder, since: new Date(holder.since) } }),
  })
}
