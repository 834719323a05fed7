import type { McpServer } from './mcp-options.ts'

interface Failure {
  readonly name?: unknown
  readonly message?: unknown
  /** Of the official client, or of Node; a number if the server answered with this error. */
  readonly code?: unknown
  /** Of an HTTP answer. */
  readonly status?: number
  readonly cause?: { readonly code?: unknown; readonly message?: unknown }
  readonly trouble?: string
  /** Of the protocol that was spoken. */
  readonly era?: string | undefined
  readonly lastWords?: string
}

const maxChars = 500

/** Why a server cannot be used, with the last words of a process. */
export function describeFailure(error: unknown, server: McpServer, why = explain(error, server)): string {
  const { lastWords } = Object(error) as Failure
  const short = why.slice(0, maxChars)
  return lastWords ? `${toSentence(short)} Its last words: ${lastWords.slice(-maxChars)}` : short
}

/** With a full stop at its end, if it has nothing there that ends a sentence. */
export function toSentence(words: string): string {
  return words.replace(/[^.!?]$/, '$&.')
}

function explain(error: unknown, server: McpServer): string {
  const { name, message, code, status, cause, trouble } = Object(error) as Failure
  if (code === 'CONNECTION_CLOSED') return trouble ?? 'It ended before it had answered.'
  if (code === 'ENOENT' && 'command' in server) {
    return `The command "${server.command}"${server.cwd ? `, or the folder "${server.cwd}",` : ''} was not found.`
  }
  if (status === 401 || name === 'UnauthorizedError') {
    return 'It asks for authorization (401): give it headers or an authProvider.'
  }
  const words = [message, cause?.code ?? cause?.message].filter(Boolean).join(': ') || String(error)
  const text = words.replace(/^Error POSTing to endpoint: (null$)?/, '')
  // What a schema finds wrong is JSON of many lines.
  if (/\[\n/.test(text)) return `It answered with something else than MCP. ${text.replace(/\s+/g, ' ')}`
  if (!status) return text
  const advice = status === 404 || status === 405 ? ' (is this where it speaks streamable HTTP?)' : ''
  return [`It answered with status ${status}${advice}`, text].filter(Boolean).join(': ')
}

/** The server had not taken the call, so it can be made again: there is no such session any more, or no connection. */
export function wasNotTaken(error: unknown, hadSession: boolean): boolean {
  const { code, status, message } = Object(error) as Failure
  // Some servers, the official one among them, answer so to a session that they do not know.
  const isUnknown = (status === 400 || code === -32_001) && /session|initiali[sz]ed/i.test(String(message))
  return code === 'NOT_CONNECTED' || (hadSession && (status === 404 || status === 410 || isUnknown))
}

const unsupportedVersion = -32_022

/** The server refused the older protocol, or to speak it, and not who asked. */
export function mayBeNewer(error: unknown): boolean {
  const { code, status, message } = Object(error) as Failure
  if (status !== undefined) return status >= 400 && status !== 401 && status !== 403
  return isAnswer(error) || code === 'INVALID_RESULT' || /protocol version/.test(String(message))
}

/** What a server that speaks the newer protocol says. */
export function knowsNewer(error: unknown): boolean {
  const { name, code, status, era } = Object(error) as Failure
  return (
    era === 'modern' || code === unsupportedVersion || status === 401 || status === 403 || name === 'UnauthorizedError'
  )
}

/** The server said what went wrong, in its own words. */
export function isAnswer(error: unknown): boolean {
  const { code, message } = Object(error) as Failure
  return typeof code === 'number' && !String(message).startsWith(brokenOff)
}

const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** Nobody knows what became of the call: it was not refused, and there was a connection. */
export function mayHaveRun(error: unknown): boolean {
  const { name, status = 500, cause } = Object(error) as Failure
  const wasRefused = isAnswer(error) || status < 500 || name === 'UnauthorizedError'
  return !wasRefused && !unreachable.includes(String(cause?.code))
}

/** What the message of the error begins with that a call over HTTP fails with when its answer ends too early. */
export const brokenOff = 'The answer broke off.'
