import { type KillShellInput, killShellDefinition } from '../../code/bash/kill-shell.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import type { BackgroundTasks } from '../process/background-tasks.ts'
import { keepAlive } from '../process/keep-alive.ts'
import { showTask } from '../task/task-output-tool.ts'

/** The KillShell tool: it stops a background task and everything that the task started. */
export function killShellTool(tasks: BackgroundTasks): Tool<KillShellInput> {
  return defineTool({
    ...killShellDefinition,
    idempotent: true,
    async run({ shell_id }, { signal }) {
      const task = tasks.get(shell_id)
      task.kill()
      await keepAlive(task.ended, signal)
      return showTask(task)
    },
  })
}
