import { ConfigError, isEnjambError } from '@enjamb/core'
import { SessionBusyError } from '../errors/session-busy-error.ts'
import { SessionLostError } from '../errors/session-lost-error.ts'
import { SessionNotFoundError } from '../errors/session-not-found-error.ts'
import { Refusal } from './refusal.ts'

/** What a caller is told of an error. */
export interface ErrorAnswer {
  status: number
  error: { code: string; message: string; [field: string]: unknown }
  headers?: Record<string, string>
  /** It is the server's fault. */
  isUnexpected?: true
}

/** What the server's own files, keys and settings have to do with it stays with the server. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const { code, message, headers } = Object(error)
  if (error instanceof Refusal) return { status: error.status, error: { code, message }, headers }
  // What was asked for was looked at before: it does not fit to what the session is doing.
  if (error instanceof ConfigError) return { status: 409, error: { code: 'conflict', message } }
  if (error instanceof SessionNotFoundError) return { status: 404, error: { code, message } }
  if (error instanceof SessionLostError) return { status: 409, error: { code, message } }
  if (error instanceof SessionBusyError) return { status: 409, error: { code, message, holder: error.holder } }
  return {
    status: 500,
    error: { code: isEnjambError(error) ? error.code : 'internal', message: 'The server could not do that.' },
    isUnexpected: true,
  }
}
