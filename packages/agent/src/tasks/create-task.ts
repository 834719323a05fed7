import { readRecord } from '../record/read-record.ts'
import { type AgentSettings, withTools } from '../session/agent-settings.ts'
import type { SpendCap } from '../subagents/spend-cap.ts'
import { createChannel, readBegun } from '../turn/channel.ts'
import type { TaskPlan } from './plan-task.ts'
import { executionLog } from './result/execution-log.ts'
import { findArtifacts } from './result/find-artifacts.ts'
import { type FileList, listedChanges } from './result/listed-changes.ts'
import { toResult } from './result/to-result.ts'
import { createDeadline } from './run/deadline.ts'
import { runTask } from './run/run-task.ts'
import type { Task } from './task.ts'
import type { TaskEvent } from './task-event.ts'
import type { TaskResult } from './task-result.ts'
import type { TaskStep } from './task-step.ts'

/** @param within a cap that it shares with others */
export function createTask(plan: TaskPlan, within?: SpendCap): Task {
  const channel = createChannel<TaskEvent>()
  const stop = new AbortController()
  let result: Promise<TaskResult> | undefined

  async function work(): Promise<TaskResult> {
    const createdAt = new Date()
    const { timeoutMs, signal } = plan.options
    const { settings, close } = await withTools(plan.settings, { sessionId: plan.id }).catch(failing(plan.settings))
    const { files } = settings
    const deadline = createDeadline(timeoutMs, [signal, stop.signal])
    const retries: TaskStep[] = []
    let before: Promise<FileList> | undefined
    const list = async (until?: AbortSignal): Promise<FileList> => files?.list?.(until).catch(() => undefined)
    const outcome = await runTask(
      { ...plan, settings },
      {
        deadline,
        within,
        async beforeEffect() {
          before ??= list(deadline.signal)
          await before
        },
        lookAtFiles: async () => (before ? listedChanges({ before: await before, after: await list() }, files) : []),
        emit(event) {
          if (event.type === 'retry') retries.push(event)
          channel.push(event)
        },
      },
    )
    deadline.clear()
    // What cannot be read leaves the rest of the result as it is.
    const { entries, children } = await readRecord(settings.store, plan.id).catch(() => ({ entries: [], children: {} }))
    const artifacts = await findArtifacts([...entries, ...Object.values(children).flat()], files)
    await close().catch(() => {})
    return toResult(plan, outcome, { createdAt, executionLog: executionLog(entries, retries), artifacts })
  }

  function begin(): Promise<TaskResult> {
    result ??= work().then((value) => {
      channel.push({ type: 'result', at: value.completedAt.toISOString(), content: value })
      channel.end()
      return value
    })
    return result
  }

  return {
    id: plan.id,
    [Symbol.asyncIterator]: () => readBegun(channel, begin),
    final: begin,
    abort(reason) {
      stop.abort(reason)
      return begin()
    },
  }
}

/** Where tools cannot be made, the session will not begin, and says why. */
function failing(settings: AgentSettings) {
  return () => ({ settings, close: async () => {} })
}
