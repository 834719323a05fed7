import type { JSONValue } from '@enjamb/core'

/** Reads one string, number or literal, which may run on over many pushes. */
export interface Token {
  /** What has been read so far. */
  readonly value: JSONValue
  /** Nothing more belongs to this token. */
  readonly closed: boolean
  /** Is `value` part of the final one already, and to be shown? */
  readonly grows?: boolean
  /** Would the token be whole if the text ended here? So it is with `12`, which may still become `120`. */
  readonly valid?: boolean
  /** Reads on from `from`; returns the index after the last character that fits. */
  read(text: string, from: number): number
}
