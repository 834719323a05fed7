import type { JSONValue } from '@enjamb/core'

/** Reads one string, number or literal at a time, which may run on over many pushes; made once and used again. */
export interface Token {
  /** What has been read so far. */
  readonly value: JSONValue
  /** Nothing more belongs to this token. */
  readonly closed: boolean
  start(first: string): void
  /** Reads on from `from`; returns the index after the last character that fits. */
  read(text: string, from: number): number
}
