import { SessionImportError } from '../errors/session-import-error.ts'

export function damaged(cause?: unknown): SessionImportError {
  const message = "The session's file is damaged, or is none: it was cut off or changed on its way. Export it again."
  return new SessionImportError(message, { reason: 'damaged', cause })
}

export function tooLarge(maxBytes: number): SessionImportError {
  const message = `The session's file holds more than ${maxBytes} bytes: raise maxBytes if you trust whoever made it.`
  return new SessionImportError(message, { reason: 'too_large' })
}

export function fromFuture(v: unknown): SessionImportError {
  const message = `The session is of version ${JSON.stringify(v)}, which this release cannot read: update @enjamb/agent.`
  return new SessionImportError(message, { reason: 'version' })
}

export function noSession(why: string): SessionImportError {
  return new SessionImportError(`The file is none of a session: ${why}.`, { reason: 'format' })
}

export function alreadyThere(id: string): SessionImportError {
  return new SessionImportError(`There is a session ${id} already: import it under another id.`, { reason: 'exists' })
}
