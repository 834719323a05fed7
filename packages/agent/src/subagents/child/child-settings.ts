import type { AgentSettings } from '../../session/agent-settings.ts'
import { subagentSystem } from '../subagent.ts'
import type { ChildOptions } from '../team-options.ts'
import { withinPermission, withoutAsking } from '../within-permission.ts'
import { billing } from './billed.ts'

/** What a sub-agent's session is made of: what its asker's is, and no more. */
export function childSettings(
  asker: AgentSettings,
  { agent, spawn, model = agent.model, parent, onSpend }: ChildOptions,
): AgentSettings {
  const { team, permission, overrides, filters, maxTurns, onEntry: _, notices: __, ...rest } = asker
  const { allowTools: allow, denyTools: deny, effort } = agent
  const toBilled = billing()
  const ceiling = withinPermission(permission, agent.permission)
  // What was chosen for one model may not fit another.
  const other = model === undefined ? {} : { model, effort: undefined, thinking: undefined, maxTokens: undefined }
  return {
    ...rest,
    // What was chosen for its asker is good enough for it.
    chooseModel: undefined,
    parent,
    maxTurns: agent.maxTurns ?? maxTurns,
    filters: [...filters, { allow, deny }],
    overrides: { ...overrides, ...other, ...(effort && { effort }), system: subagentSystem(agent) },
    permission: spawn.background ? withoutAsking(ceiling) : ceiling,
    team: team && team.depth > 1 ? { ...team, depth: team.depth - 1 } : undefined,
    onEntry(entry) {
      const billed = toBilled(entry)
      if (billed) onSpend(billed)
    },
  }
}
