import { createHash } from 'node:crypto'

/** The program takes UUIDs alone: a session's id where it is one, else one that is made of it, always the same. */
export function programSession(sessionId: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(sessionId)) return sessionId.toLowerCase()
  const hex = createHash('sha256').update(`enjamb session ${sessionId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
