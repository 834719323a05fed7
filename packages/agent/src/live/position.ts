import { ConfigError } from '@enjamb/core'

/** How far a reader has come. */
export interface Position {
  /** The last fact. */
  seq: number
  /** The reply that is under way, as far as it was shown. */
  reply?: { tag: string; length: number } | undefined
}

/** @throws {ConfigError} it is none */
export function parsePosition(after: number | string = 0): Position {
  const [, seq, tag, length] = /^(\d{1,15})(?:\.(\w{1,40})\.(\d{1,15}))?$/.exec(String(after)) ?? []
  if (seq === undefined) throw new ConfigError('after must be the position or the seq of an event.')
  return { seq: Number(seq), ...(tag && { reply: { tag, length: Number(length) } }) }
}

export function formatPosition({ seq, reply }: Position): string {
  return reply ? `${seq}.${reply.tag}.${reply.length}` : String(seq)
}
