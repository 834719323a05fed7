import { toParams } from '@enjamb/chat'
import { ConfigError, createClient } from '@enjamb/core'
import { limitMedia, toolset, withPermission } from '@enjamb/tools'
import { type AgentOptions, agentDefaults } from './agent-options.ts'
import { memoryStore } from './journal/memory-store.ts'
import type { SessionStore } from './journal/session-store.ts'
import { openSession, type SessionOptions } from './session/open-session.ts'
import type { Session } from './session/session.ts'
import type { AgentEvent } from './turn/agent-event.ts'

/** A model with its tools and settings; it may have any number of sessions at once. */
export interface Agent {
  /** Where its sessions are kept. */
  readonly store: SessionStore
  /**
   * Begins a session, or goes on with one.
   *
   * @throws {ConfigError} there is one of this id already, and `resume` is not set; the id is none
   * @throws {SessionNotFoundError} there is none to resume
   * @throws {SessionBusyError} somebody else writes it
   * @example
   * await using session = await agent.session({ id: 'mail-42', resume: 'if-exists' })
   */
  session(options?: SessionOptions): Promise<Session>
}

/**
 * Makes an agent: a model, the tools it may use, and settings for its sessions.
 *
 * @throws {ConfigError} an option is not usable: an unknown model alias, an effort or thinking that the model does not
 * take, two tools of one name, no turns, or as `createClient`
 * @example
 * const agent = createAgent({ model: 'sonnet', tools: codingTools({ cwd: '.' }) })
 * const session = await agent.session()
 * for await (const event of session.send('What is in this folder?')) console.log(event)
 */
export function createAgent(options: AgentOptions = {}): Agent {
  const { maxTurns = agentDefaults.maxTurns, permission, store = memoryStore() } = options
  if (!(maxTurns >= 1)) throw new ConfigError('maxTurns must be 1 or more.')
  const client = options.client ?? createClient(options)
  const { messages: _, ...params } = toParams([], options, agentDefaults)
  const tools = toolset(options.tools ?? [], { allow: options.allowTools, deny: options.denyTools })
  const { definitions } = tools
  const settings = {
    store,
    client,
    tools,
    maxTurns,
    frozen: { ...params, ...(definitions.length && { tools: definitions }) },
    permission: permission && withPermission(permission),
    beforeTurn: limitMedia(),
    publish: (_id: string, _event: AgentEvent) => {},
  }
  return { store, session: (session = {}) => openSession(session, settings) }
}
