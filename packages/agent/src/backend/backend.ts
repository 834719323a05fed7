import type { ChatDefaults } from '@enjamb/chat'
import type { Client, Logger, UserMessageParam } from '@enjamb/core'
import type { PermissionRules, ToolFilter } from '@enjamb/tools'
import type { ContextOptions } from '../context/context-options.ts'
import type { Entry, EntryBody, FrozenParams } from '../journal/entry.ts'
import type { BlobStore } from '../journal/session-store.ts'
import type { LogFileOptions } from '../record/log/log-file-options.ts'
import type { Subagent } from '../subagents/subagent.ts'
import type { AgentEvent } from '../turn/agent-event.ts'

/**
 * Does the work of a turn in place of the loop over the API: `cliBackend` of `/cli` is one, and a function of your own may be
 * another. All else stays the agent's: sessions and their journals, prompts, hooks around a turn, tasks, the record.
 */
export interface Backend {
  /** What it calls itself in warnings. */
  readonly name?: string | undefined
  /** Options of an agent that it cannot honour, `hooks.beforeTool` among them: whoever gives one is warned, once. */
  readonly ignores?: readonly string[] | undefined
  /** Where its sessions' logs are written, unless the agent says. */
  readonly log?: LogFileOptions | undefined
  /**
   * Works at a prompt until there is an answer. What becomes a fact it writes with `record`, and gives the events that this
   * gives; the last reply that it wrote is the answer. What it throws ends the turn: as interrupted where the signal has aborted and it is a
   * `RequestAbortedError`, as over its budget or its limit of turns for the errors of these, else as failed.
   */
  run(prompt: UserMessageParam['content'], context: BackendContext): AsyncIterable<AgentEvent>
}

/** The session that a backend works for. */
export interface BackendContext {
  sessionId: string
  /** What was asked has been worked at before, and that was cut off: by a crash, a failure or an interruption. */
  begun: boolean
  /** Aborts when the turn is to end. */
  signal: AbortSignal
  settings: BackendSettings
  /** How many replies it may take. */
  maxTurns: number
  /** What it may spend, in dollars, where that is limited. */
  maxCost?: number | undefined
  /** What the answer is to fit. */
  format: NonNullable<FrozenParams['output_config']>['format']
  logger: Logger | undefined
  /** The journal, as it is now. */
  entries(): AsyncIterable<Entry>
  blobs: BlobStore
  /** Writes facts: they are on the disk when it resolves. Gives what there is to tell of them. */
  record(...entries: EntryBody[]): Promise<AgentEvent[]>
}

/** What an agent's options, and those of the session, say. */
export interface BackendSettings
  extends Pick<ChatDefaults, 'effort' | 'thinking'>,
    Pick<ContextOptions, 'system' | 'appendSystem' | 'cwd'> {
  /** Of the API. */
  model: string
  maxTokens: number
  /** Of the credential and the address that the loop over the API would use. */
  client: Client
  /** Names of tools that are offered, and that are not: a tool has to pass each of them. */
  filters: readonly ToolFilter[]
  /** The rules of `permissions()`, where the agent has those. */
  rules: PermissionRules | undefined
  agents: readonly Subagent[]
}
