import type { ChatDefaults, ChatOptions } from '@enjamb/chat'
import type { Client, ClientOptions } from '@enjamb/core'
import type { Permission, ToolEntry } from '@enjamb/tools'
import type { ContextOptions } from './context/context-options.ts'
import type { LongResultOptions } from './context/results/keep-long-results.ts'
import type { Hooks } from './hooks/hooks.ts'
import type { SessionStore } from './journal/session-store.ts'

/** What an agent is made of: a client or its options, defaults as for a chat, and tools. */
export interface AgentOptions
  extends ClientOptions,
    Omit<ChatDefaults, 'system' | 'cache'>,
    ContextOptions,
    LongResultOptions {
  /** A client to share, in place of all its options here; without it the agent makes one of them. */
  client?: Client | undefined
  /** The most tokens to write in one reply. Default 32,000. */
  maxTokens?: number | undefined
  /** How thoughts come, and what current models say between tool calls. Default `summarized`, of models that think unasked. */
  display?: ChatDefaults['display']
  /** Further fields of each request, under the API's own names; they win over everything else here. */
  body?: ChatOptions['body']
  /** Where sessions are kept: `memoryStore()`, the default, `fileStore` of `/node`, `indexedDBStore` of `/browser`, or your own. */
  store?: SessionStore | undefined
  /** What the agent can do: tools of your own, `codingTools()` of `@enjamb/tools/node`, server tools. Default none. */
  tools?: readonly ToolEntry[] | undefined
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
}

export const agentDefaults = { maxTokens: 32_000, maxTurns: 100, display: 'summarized' } as const
