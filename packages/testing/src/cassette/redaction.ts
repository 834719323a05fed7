import type { CassetteRequest } from './cassette.ts'
import { cut, findSecrets, withoutSecretParams } from './secrets.ts'

/** Takes out of a text what must not be kept. */
export type Redact = (text: string) => string

/** Those that decide what is answered; any other says who asked, or from where. */
const kept = ['anthropic-beta', 'anthropic-version', 'content-type']
/** Those that name the organisation, or describe the connection rather than the answer. */
const dropped =
  /^(set-cookie|cookie|anthropic-organization-id|anthropic-workspace-id|cf-.*|via|server|date|connection|keep-alive|transfer-encoding|content-encoding|content-length|strict-transport-security|x-envoy-.*|x-robots-tag|server-timing|traceresponse)$/

/** Takes out what looks like a credential, and the credentials that are known, which may look like anything. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  return cut(text, findSecrets(text, secrets), 0, text.length)
}

/** A request as a cassette keeps it: without credentials and ids of users. */
export function toCassetteRequest(request: Request, text: string, redact: Redact): CassetteRequest {
  const url = new URL(request.url)
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => kept.includes(name)).map(([name, value]) => [name, redact(value)]),
  )
  // The boundary of a form is random, so that two equal ones never look it.
  const type = headers['content-type']?.split(';')[0]
  if (type !== undefined) headers['content-type'] = type
  const path = redact(url.pathname + withoutSecretParams(url.search))
  const whole = { method: request.method, path, headers }
  return text === '' ? whole : { ...whole, body: withoutUser(redact(text)) }
}

/** The headers of a response as a cassette keeps them: without ids of organisations. */
export function keptHeaders(headers: Headers, redact: Redact): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => !dropped.test(name)).map(([name, value]) => [name, redact(value)]),
  )
}

function withoutUser(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) =>
      key === 'user_id' && typeof value === 'string' ? 'redacted' : value,
    )
  } catch {
    return text
  }
}
