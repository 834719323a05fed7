import { errorFromJSON, redact } from '@enjamb/core'
import { FleetError } from '../errors/fleet-error.ts'
import type { HeadersInit } from '../headers-init.ts'

/** How an engine is reached. */
export interface EngineSettings {
  /** Of its ingress, or its admin interface. */
  url: string
  headers?: HeadersInit | undefined
  fetch?: typeof fetch | undefined
}

/**
 * Asks the engine.
 *
 * @returns what it answers, read as JSON; `undefined` for an empty answer
 * @throws {FleetError} it cannot be reached, or refuses
 * @throws what the handler threw that was called
 */
export async function callEngine(
  { url, headers, fetch = globalThis.fetch }: EngineSettings,
  path: string,
  {
    method = 'POST',
    body,
    headers: more = {},
    signal,
  }: { method?: string; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(more)) all.set(name, value)
  if (body !== undefined) all.set('content-type', 'application/json')
  all.set('accept', 'application/json')
  const payload = body === undefined ? {} : { body: JSON.stringify(body) }
  let response: Response
  let text: string
  try {
    response = await fetch(`${url}${path}`, { method, headers: all, ...payload, ...(signal && { signal }) })
    text = await response.text()
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new FleetError(`The engine could not be reached at ${url}: is it running, and is that its address?`, {
      reason: 'unreachable',
      cause,
    })
  }
  const answer = parse(text)
  if (response.ok && (text === '' || answer !== undefined)) return answer
  throw toError(url, response.status, answer)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toError(url: string, status: number, answer: unknown): Error {
  const { message, source, metadata } = Object(answer)
  const told = typeof metadata?.error === 'string' && parse(metadata.error)
  if (told) return errorFromJSON(told as never)
  if (typeof message !== 'string') {
    return new FleetError(`What answers at ${url} is not the engine of a fleet: it answered with ${status}.`, {
      reason: 'version',
      status,
    })
  }
  if (status === 404 && source === 'ingress' && /register|handler/.test(message)) {
    return new FleetError(`No worker serves that yet: register one with the engine. It says: ${message}`, {
      reason: 'no_worker',
      status,
    })
  }
  const isCancelled = /^(cancelled|killed)/i.test(message)
  return new FleetError(redact(message), { reason: isCancelled ? 'cancelled' : 'engine', status })
}
