import { defineTool, type Tool, type ToolContext } from '@enjamb/tools'
import { type TaskInput, taskDefinition } from '@enjamb/tools/code'
import type { Subagent } from './subagent.ts'

const purpose = taskDefinition.description.split('\n').slice(0, 2).join('\n')

const inBackground =
  'With run_in_background it works while you go on, and its report comes by itself, as a message, when it is done: do not wait or look for it, and say nothing of what it found before you have read it.'

/**
 * The Task tool of sessions, which gives work to a sub-agent. It is as good as idempotent: a call that is made again after a crash
 * goes on with the session that the sub-agent had begun.
 */
export function taskTool(
  agents: readonly Subagent[],
  run: (input: TaskInput, context: ToolContext) => Promise<string>,
): Tool<TaskInput> {
  const list = agents.map(({ name, description }) => `- ${name}: ${description.replace(/\s+/g, ' ').trim()}`)
  return defineTool({
    ...taskDefinition,
    description: [purpose, inBackground, 'The sub-agents, by subagent_type:', ...list].join('\n'),
    independent: true,
    idempotent: true,
    timeoutMs: 0,
    run,
  })
}
