import { afterAll } from 'vitest'
import { toolset } from '../src/index.ts'
import type { BashOptions } from '../src/node/bash/bash-options.ts'
import { bashTool } from '../src/node/bash/bash-tool.ts'
import { killShellTool } from '../src/node/bash/kill-shell-tool.ts'
import { type BackgroundTasks, createBackgroundTasks } from '../src/node/process/background-tasks.ts'
import { taskOutputTool } from '../src/node/task/task-output-tool.ts'
import { workFolder } from './work-folder.ts'

const made: BackgroundTasks[] = []
afterAll(() => Promise.all(made.map((tasks) => tasks.close())))

/** A new folder with Bash, TaskOutput and KillShell at work in it; what they leave running ends with the test file. */
export function commandTools(options: BashOptions & { additionalDirectories?: string[] } = {}) {
  const folder = workFolder()
  const tasks = createBackgroundTasks()
  made.push(tasks)
  const bash = bashTool({ cwd: folder.cwd, killAfterMs: 300, ...options }, tasks)
  const tools = toolset([bash, taskOutputTool(tasks), killShellTool(tasks)])
  const call = async (name: string, input: object, signal?: AbortSignal) => {
    const { content, is_error } = await tools.call({ type: 'tool_use', id: 'toolu_1', name, input }, { signal })
    return { isError: !!is_error, text: String(content) }
  }
  return {
    ...folder,
    tasks,
    call,
    async bash(command: string, input: object = {}, signal?: AbortSignal) {
      return (await call('Bash', { command, ...input }, signal)).text
    },
  }
}
