import { toParams } from '@enjamb/chat'
import { ConfigError, createClient } from '@enjamb/core'
import { toolset, withPermission } from '@enjamb/tools'
import { type AgentOptions, agentDefaults } from './agent-options.ts'
import { createSession, type Session } from './session.ts'

/** A model with its tools and settings; it may have any number of sessions at once. */
export interface Agent {
  /** Begins a conversation. */
  session(): Session
}

/**
 * Makes an agent: a model, the tools it may use, and settings for its sessions.
 *
 * @throws {ConfigError} an option is not usable: an unknown model alias, an effort or thinking that the model does not
 * take, two tools of one name, no turns, or as `createClient`
 * @example
 * const agent = createAgent({ model: 'sonnet', tools: codingTools({ cwd: '.' }) })
 * const session = agent.session()
 * for await (const event of session.send('What is in this folder?')) console.log(event)
 */
export function createAgent(options: AgentOptions = {}): Agent {
  const { maxTurns = agentDefaults.maxTurns, permission } = options
  if (!(maxTurns >= 1)) throw new ConfigError('maxTurns must be 1 or more.')
  const client = options.client ?? createClient(options)
  const { messages: _, ...params } = toParams([], options, agentDefaults)
  const tools = toolset(options.tools ?? [], { allow: options.allowTools, deny: options.denyTools })
  return {
    session: () =>
      createSession({ client, params, tools, maxTurns, permission: permission && withPermission(permission) }),
  }
}
