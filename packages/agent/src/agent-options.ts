import type { ChatDefaults, ChatOptions } from '@enjamb/chat'
import type { Client, ClientOptions } from '@enjamb/core'
import type { Permission } from '@enjamb/tools'
import type { Backend } from './backend/backend.ts'
import type { ContextOptions } from './context/context-options.ts'
import type { ModelChooser } from './context/model-chooser.ts'
import type { LongResultOptions } from './context/results/keep-long-results.ts'
import type { Fallbacks } from './context/to-fallbacks.ts'
import type { Hooks } from './hooks/hooks.ts'
import type { SessionStore } from './journal/session-store.ts'
import type { LogFileOptions } from './record/log/log-file-options.ts'
import type { SessionToolsOption } from './session/session-tools.ts'
import type { Subagent } from './subagents/subagent.ts'

/** What an agent is made of: a client or its options, defaults as for a chat, and tools. */
export interface AgentOptions
  extends ClientOptions,
    Omit<ChatDefaults, 'system' | 'cache' | 'model'>,
    ContextOptions,
    LongResultOptions,
    Omit<LogFileOptions, 'logDir'> {
  /** A client to share, in place of all its options here; without it the agent makes one of them. */
  client?: Client | undefined
  /**
   * An id or an alias; or what chooses one for each session, by its first prompt, as `chooseModel` of `@enjamb/core` does: the session
   * keeps it, its journal and its turns say which it is and why, and of other settings those hold that the model can
   * fulfil. Default `sonnet`.
   */
  model?: ChatDefaults['model'] | ModelChooser
  /**
   * What does the work: `api`, the default, asks the Messages API and runs the tools here. A backend in its place, as `cliBackend()`
   * of `/cli`, works with a program that has tools of its own; nothing else changes. Options that it cannot honour are warned of
   * once, through `logger`.
   *
   * @example
   * createAgent({ backend: cliBackend({ command: 'claude' }), cwd: './project' })
   */
  backend?: 'api' | Backend | undefined
  /** The most tokens to write in one reply. Default 32,000. */
  maxTokens?: number | undefined
  /** How thoughts come, and what current models say between tool calls. Default `summarized`, of models that think unasked. */
  display?: ChatDefaults['display']
  /** Further fields of each request, under the API's own names; they win over everything else here. */
  body?: ChatOptions['body']
  /**
   * Models that answer, in the same request, where the one that was asked declines: `default` leaves it to the API. A beta. Under a
   * budget they have to be named. Default: none, and a turn that is declined ends as `refused`.
   */
  fallbacks?: Fallbacks | undefined
  /** Where sessions are kept: `memoryStore()`, the default, `fileStore` of `/node`, `indexedDBStore` of `/browser`, or your own. */
  store?: SessionStore | undefined
  /**
   * A folder for logs: a file for each time that a session or a sub-agent's is opened, `<logName>_<YYYYMMDD_HHMMSS>_<session 8>.log`,
   * written while it goes on, as `toLog` of `/record` writes. Only on Node. Default: there is none.
   */
  logDir?: string | undefined
  /**
   * What the agent can do: tools of your own, server tools, lists of them, as of `codingTools()` of `@enjamb/tools/node`. A
   * function makes them for each session, which ends them when it is closed. Default none.
   *
   * @example
   * createAgent({ cwd: './project', tools: ({ cwd }) => [codingTools({ cwd }), weather] })
   */
  tools?: SessionToolsOption | undefined
  /** Names of the tools that are offered to the model, with `*` for any characters. Default all. */
  allowTools?: readonly string[] | undefined
  /** The same of tools that are not; it wins over `allowTools`. */
  denyTools?: readonly string[] | undefined
  /** Decides about each call just before it is made, as `permissions()` of `@enjamb/tools` does. Default: every call is made. */
  permission?: Permission | undefined
  /** Called where something happens, to know of it or to have a say in it. */
  hooks?: Hooks | undefined
  /** Requests to the model in one turn of the session. Default 100. */
  maxTurns?: number | undefined
  /**
   * Sub-agents that the model may give work to, with the Task tool: your own, or those that `loadAgents` of `@enjamb/tools/node`
   * found. Beside them there is `general`, which can do what the agent can; `[]` is it alone. Default: there is no Task tool.
   */
  agents?: readonly Subagent[] | undefined
  /** How many sub-agents may be at work at once, below one session and however deep. Default 10. */
  maxAgents?: number | undefined
  /** How deep they may be: at 1, sub-agents have none themselves. Default 2. */
  maxAgentDepth?: number | undefined
}

export const agentDefaults = {
  maxTokens: 32_000,
  maxTurns: 100,
  maxAgents: 10,
  maxAgentDepth: 2,
  display: 'summarized',
} as const
