import type { McpServer } from './mcp-options.ts'

interface Failure {
  readonly name?: unknown
  readonly message?: unknown
  /** Of the official client, or of Node. */
  readonly code?: unknown
  /** Of an HTTP answer. */
  readonly status?: unknown
  readonly cause?: { readonly code?: unknown; readonly message?: unknown }
  readonly lastWords?: string
}

const maxChars = 500

/** Why a server cannot be reached, for whoever set it up. */
export function describeFailure(error: unknown, server: McpServer): string {
  const { name, message, code, status, cause, lastWords = '' } = Object(error) as Failure
  const why = () => {
    if (code === 'ENOENT' && 'command' in server) return `The command "${server.command}" was not found.`
    if (status === 401 || name === 'UnauthorizedError') {
      return 'It asks for authorization (401): give it headers or an authProvider.'
    }
    if (code === 'CONNECTION_CLOSED') return 'It ended before it had answered.'
    return [message, cause?.code ?? cause?.message].filter(Boolean).join(': ') || String(error)
  }
  const words = lastWords && ` Its last words: ${lastWords.slice(-maxChars)}`
  return `${why().slice(0, maxChars)}${words}`
}

/** The server had not taken the call, so it can be made again: there is no such session any more, or no connection. */
export function wasNotTaken(error: unknown, hadSession: boolean): boolean {
  const { code, status } = Object(error) as Failure
  return code === 'NOT_CONNECTED' || (hadSession && (status === 404 || status === 400))
}

/** Nobody knows what became of the call. */
export function brokeOff(error: unknown): boolean {
  const { name, code, message } = Object(error) as Failure
  return code === 'CONNECTION_CLOSED' || name === 'TypeError' || message === brokenOff
}

/** The message of the error that a call over HTTP fails with when its answer ends too early. */
export const brokenOff = 'The answer broke off.'
