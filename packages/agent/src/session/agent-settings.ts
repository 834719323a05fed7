import type { Client, ToolUnion } from '@enjamb/core'
import { type AroundCall, type FileAccess, type Tool, type ToolEntry, type ToolFilter, toolset } from '@enjamb/tools'
import { skillDefinition } from '@enjamb/tools/code'
import type { BackendSeat } from '../backend/backend-seat.ts'
import type { ContextOptions } from '../context/context-options.ts'
import type { ModelChooser } from '../context/model-chooser.ts'
import type { KeepResult } from '../context/results/keep-long-results.ts'
import type { ParamsOptions, SessionParams } from '../context/session-params.ts'
import type { HookRunner } from '../hooks/create-hooks.ts'
import type { Entry, PromptEntry, SessionEntry } from '../journal/entry.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { Hub } from '../live/hub.ts'
import { taskTool } from '../subagents/task-tool.ts'
import type { TeamSettings } from '../subagents/team.ts'
import type { ToolScope } from './session-tools.ts'

/** What an agent gives to each of its sessions. */
export interface AgentSettings {
  store: SessionStore
  client: Client
  /** What does the work in place of the loop over the API. */
  seat?: BackendSeat | undefined
  /** All its tools, and what takes some of them away, one after the other. */
  tools: readonly ToolEntry[]
  filters: readonly ToolFilter[]
  /** The files that they work on. */
  files: FileAccess | undefined
  /** Makes the tools of each session, in place of those. */
  makeTools?: ((scope: ToolScope) => Promise<MadeTools>) | undefined
  cwd: string
  /** Makes what is the same in every request. */
  params(overrides: Partial<ParamsOptions>, definitions: readonly ToolUnion[]): SessionParams
  overrides: Partial<ParamsOptions>
  /** Chooses the model of a session that has none yet. */
  chooseModel: ModelChooser | undefined
  maxTurns: number
  permission: AroundCall | undefined
  hooks: HookRunner
  keepResult: KeepResult
  /** The skills that it may use. Default all. */
  skills?: readonly string[] | undefined
  /** The sub-agents that it may have, where it may have any. */
  team: TeamSettings | undefined
  /** Comes before each call that may change something. */
  beforeEffect?: (() => Promise<void>) | undefined
  /** What is said with the next request, if there is one. */
  notices?: PromptEntry[] | undefined
  /** What asked for the session. */
  parent?: SessionEntry['parent']
  /** Gets each entry that is written. */
  onEntry?: ((entry: Entry) => void) | undefined
  cache: ContextOptions['cache']
  compaction: ContextOptions['compaction']
  hub: Hub
}

/** The tools of one session. */
export interface MadeTools extends Pick<AgentSettings, 'tools' | 'files' | 'keepResult' | 'hooks'> {
  /** Ends what is the session's alone. */
  close(): Promise<void>
}

/** What a session has whose tools are made for it, where they are. */
export async function withTools(
  agent: AgentSettings,
  { sessionId, cwd }: { sessionId: string; cwd?: string | undefined },
): Promise<{ settings: AgentSettings; close(): Promise<void> }> {
  const overrides = cwd === undefined ? agent.overrides : { ...agent.overrides, cwd }
  if (!agent.makeTools) return { settings: { ...agent, overrides }, close: async () => {} }
  const { close, ...made } = await agent.makeTools({ sessionId, cwd: cwd ?? agent.cwd })
  // Its sub-agents work with the same.
  return { settings: { ...agent, ...made, overrides, makeTools: undefined }, close }
}

/**
 * The tools that a session has of its own, and the sub-agents that its Task tool may ask, if it has one.
 *
 * @throws {ConfigError} two have one name, a filter is none, or there is no skill of a name
 */
export function toolsOf({
  tools,
  filters,
  team,
  skills,
}: Pick<AgentSettings, 'tools' | 'filters' | 'team' | 'skills'>): {
  /** But for Task. */
  entries: ToolEntry[]
  all: ToolEntry[]
  agents: TeamSettings | undefined
} {
  const task = team && (taskTool(team.agents, async () => '') as ToolEntry)
  const own = skills?.length ? tools.map((tool) => onlySkillsOf(tool, skills)) : tools
  let entries = task ? [...own, task] : [...own]
  for (const filter of [{}, ...filters]) {
    const { definitions } = toolset(entries, filter)
    entries = entries.filter((entry) => definitions.includes('definition' in entry ? entry.definition : entry))
  }
  return {
    entries: entries.filter((entry) => entry !== task),
    all: entries,
    agents: task && entries.includes(task) ? team : undefined,
  }
}

/** Tells the model of these skills alone, where a tool can. */
function onlySkillsOf(tool: ToolEntry, skills: readonly string[]): ToolEntry {
  if (!('definition' in tool) || tool.name !== skillDefinition.name) return tool
  const { only } = tool as { only?: (names: readonly string[]) => Tool }
  return only ? { ...tool, definition: only(skills).definition } : tool
}
