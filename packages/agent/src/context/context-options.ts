import type { TextBlockParam } from '@enjamb/core'

/** What stands before a session's messages, and how it is kept small and cheap. */
export interface ContextOptions {
  /**
   * The system prompt, in place of the short one of this package; `''` is none. In it and in `appendSystem`
   * `{model_display_name}`, `{model_id}` and `{knowledge_cutoff}` stand for what they name.
   */
  system?: string | readonly TextBlockParam[] | undefined
  /** Stands behind the system prompt, whichever it is, and behind the instructions. */
  appendSystem?: string | readonly TextBlockParam[] | undefined
  /**
   * Adds the instructions of the folder that the agent works in: `true` takes the nearest `AGENTS.md`, else `CLAUDE.md`,
   * of each folder from `cwd` up to the root of its repository; a list names files, from `cwd` on. Up to 64 KiB of each file and
   * 256 KiB in all. They are read when a session begins. Only on Node. Default `false`.
   */
  instructions?: boolean | readonly string[] | undefined
  /** Where sessions work: of tools that are made for each, and of `instructions`. Default: the folder of the process. */
  cwd?: string | undefined
  /** Tells the API for whom requests are made, so that it can detect abuse. Default: nothing is told. */
  metadata?: MetadataOptions | undefined
  /**
   * How long what was sent is cached, which makes the next request to it cost a tenth: `true` is 5 minutes, `1h` costs more
   * to write. Default `true`.
   */
  cache?: boolean | '5m' | '1h' | undefined
  /**
   * Puts a history into a summary before the model's window is full, and where the API refuses it as too long. `false`: only
   * `session.compact()` does. Default `true`.
   */
  compaction?: boolean | CompactionOptions | undefined
}

/** When and how a history is put into a summary. */
export interface CompactionOptions {
  /** So many tokens are enough. Default: four fifths of the model's window, or what `maxTokens` leaves of it where that is less. */
  atTokens?: number | undefined
  /** What matters beside all that a summary says anyway, in words for the model. */
  instructions?: string | undefined
}

/** Makes `user_<device>_account_<uuid>_session_<uuid>`; what there is none of stays out. */
export interface MetadataOptions {
  /** The whole id, in place of all of this: opaque, at most 256 characters. */
  userId?: string | undefined
  /** Default: the SHA-256 of the host's name, on Node. */
  deviceId?: string | undefined
  /** Default: `CLAUDE_ACCOUNT_UUID` of the environment, on Node. */
  accountId?: string | undefined
  /** Default: the session's own id. */
  sessionId?: string | undefined
  /** `false` leaves the host's name out of it. Default `true`. */
  hostHash?: boolean | undefined
}
