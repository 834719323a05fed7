import { Buffer } from 'node:buffer'
import { ConfigError, type ToolResultContent } from '@enjamb/core'
import { type TaskInput, taskDefinition } from '../../code/task/task.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool, ToolContext } from '../../define/tool.ts'
import type { BackgroundTasks } from '../process/background-tasks.ts'

/** A kind of sub-agent, as the model is told of it. */
export interface SubagentType {
  /** What the model calls it. */
  name: string
  /** What it is for, and what it can do. */
  description: string
}

/** Work for a sub-agent. */
export type SubagentTask = Omit<TaskInput, 'run_in_background'>

/**
 * Makes a sub-agent do the work, with a history and tools of its own, and returns its report. When the signal aborts it
 * ends, and is not waited for. What it throws, the model is told. What it spends on models is counted in the run that
 * asks for it if it says so, reply by reply: `context.spend(message)`.
 */
export type RunSubagent = (
  task: SubagentTask,
  context: ToolContext,
) => string | ToolResultContent[] | Promise<string | ToolResultContent[]>

/** Options of the Task tool. */
export interface SubagentOptions {
  /** The sub-agents that there are. */
  types: readonly SubagentType[]
  /** Does the work, and gives what the model is told of it. */
  run: RunSubagent
}

/**
 * The Task tool: it gives work to a sub-agent, and waits for the report or lets it work in the background. Several run
 * side by side.
 *
 * @param tasks where sub-agents work that go on in the background
 * @throws {ConfigError} there is no sub-agent, or two have one name
 */
export function taskTool({ types, run }: SubagentOptions, tasks: BackgroundTasks): Tool<TaskInput> {
  const names = types.map(({ name }) => name)
  if (!names.length || new Set(names).size < names.length) {
    throw new ConfigError('types must name one sub-agent or more, each once.')
  }
  const list = types.map(({ name, description }) => `- ${name}: ${description.replace(/\s+/g, ' ').trim()}`)
  return defineTool({
    ...taskDefinition,
    description: `${taskDefinition.description}\nThe sub-agents, by subagent_type:\n${list.join('\n')}`,
    independent: true,
    timeoutMs: 0,
    async run({ run_in_background, ...task }, context) {
      if (!names.includes(task.subagent_type)) {
        throw new Error(`There is no sub-agent "${task.subagent_type}"; there are: ${names.join(', ')}.`)
      }
      if (!run_in_background) {
        const report = await run(task, context)
        return toText(report).trim() ? report : 'It ended without a report.'
      }
      const { id } = tasks.start('task', (output) => {
        const controller = new AbortController()
        const { signal } = controller
        const aborted = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('It was stopped before its report.'))),
        )
        const work = async () => {
          // Nobody watches the call any more: it is over.
          const report = await Promise.race([run(task, { ...context, signal, progress() {} }), aborted])
          output.push(Buffer.from(toText(report)))
          return { outcome: '' }
        }
        return { ended: work(), kill: () => controller.abort() }
      })
      return `Working in the background as ${id}.`
    },
  })
}

function toText(report: string | ToolResultContent[]): string {
  if (typeof report === 'string') return report
  return report.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')
}
