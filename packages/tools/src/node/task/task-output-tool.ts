import { type TaskOutputInput, taskOutputDefinition } from '../../code/task/task-output.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import type { BackgroundTask, BackgroundTasks } from '../process/background-tasks.ts'
import { toOutputText } from '../process/output-text.ts'

const maxShownBytes = 30_000

/**
 * The TaskOutput tool: the status of a background task, and its output since it was last shown, 30,000 bytes at most.
 */
export function taskOutputTool(tasks: BackgroundTasks): Tool<TaskOutputInput> {
  return defineTool({
    ...taskOutputDefinition,
    readOnly: true,
    timeoutMs: 0,
    async run({ task_id, block = true, timeout = 30_000, all }, { signal }) {
      const task = tasks.get(task_id)
      if (block && task.status === 'running') await waitFor(task.ended, timeout, signal)
      signal.throwIfAborted()
      return showTask(task, all)
    },
  })
}

/** What a task has put out since it was last shown, and how it is doing. */
export function showTask(task: BackgroundTask, all = false): string {
  // While it runs, a character that is not complete yet is left for the next time.
  const end = task.status === 'running' ? task.output.whole : task.output.total
  const shown = task.output.read(all ? 0 : task.seen, maxShownBytes, end)
  task.seen = end
  return toOutputText(shown, [`${task.id}: ${task.status}. ${task.outcome ?? ''}`.trimEnd()])
}

function waitFor(ended: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, timeoutMs)
    signal.addEventListener('abort', done)
    ended.then(done)
  })
}
