import { outputFormat } from '@enjamb/chat'
import { ConfigError, checkOptions } from '@enjamb/core'
import { skillDefinition, taskDefinition } from '@enjamb/tools/code'
import { type AgentSettings, toolsOf } from '../session/agent-settings.ts'
import { pickAgents } from '../subagents/pick-agents.ts'
import type { TeamSettings } from '../subagents/team.ts'
import { withinPermission } from '../subagents/within-permission.ts'
import { onlySkills } from './only-skills.ts'
import type { TaskOptions } from './task.ts'

/** A task that is ready to begin. */
export interface TaskPlan {
  id: string
  description: string
  prompt: string
  options: TaskOptions
  settings: AgentSettings
}

/**
 * Makes of an agent one that can do what a task may.
 *
 * @param known the sub-agents that there are, whether the agent itself may ask them or not
 * @throws {ConfigError} an option is not usable
 */
export function planTask(
  description: string,
  options: TaskOptions,
  agent: AgentSettings,
  known: TeamSettings,
): TaskPlan {
  checkOptions('agent.task', options, optionNames)
  const { id = crypto.randomUUID(), timeoutMs, maxCost, context, allowTools, allowAgents, allowSkills } = options
  if (typeof description !== 'string' || !description.trim())
    throw new ConfigError('description must say what the task is.')
  if (timeoutMs !== undefined && !(timeoutMs > 0)) throw new ConfigError('timeoutMs must be more than 0.')
  if (maxCost !== undefined && !(maxCost > 0)) throw new ConfigError('maxCost must be more than 0, in dollars.')
  if (options.schema) outputFormat(options.schema)
  // Who is named is meant, whatever the tools are.
  const named = [allowAgents?.length && taskDefinition.name, allowSkills?.length && skillDefinition.name]
  const settings: AgentSettings = {
    ...agent,
    filters: [
      ...agent.filters,
      ...(allowTools ? [{ allow: [...allowTools, ...named.filter((name) => typeof name === 'string')] }] : []),
      { deny: allowSkills?.length === 0 ? [skillDefinition.name] : [] },
    ],
    permission: withinPermission(agent.permission, allowSkills && onlySkills(allowSkills)),
    skills: allowSkills,
    team: teamOf(agent.team, known, allowAgents),
  }
  toolsOf(settings)
  return { id, description, prompt: toPrompt(description, context), options, settings }
}

function teamOf(own: TeamSettings | undefined, known: TeamSettings, names: readonly string[] | undefined) {
  if (!names) return own
  return names.length ? { ...known, agents: pickAgents(known.agents, names) } : undefined
}

function toPrompt(description: string, context: unknown): string {
  if (context === undefined) return description
  const text = typeof context === 'string' ? context : JSON.stringify(context, undefined, 2)
  return `${description}\n\n<context>\n${text}\n</context>`
}

const optionNames = [
  'id',
  'allowTools',
  'allowAgents',
  'allowSkills',
  'timeoutMs',
  'maxCost',
  'context',
  'signal',
  'schema',
  'decisions',
] satisfies readonly (keyof TaskOptions)[]
