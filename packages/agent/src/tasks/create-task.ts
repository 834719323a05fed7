import { totalTokens } from '@enjamb/chat'
import { type Cost, costOf, type Usage } from '@enjamb/core'
import type { SpendCap } from '../subagents/spend-cap.ts'
import { createChannel } from '../turn/channel.ts'
import { createDeadline } from './deadline.ts'
import { executionLog } from './execution-log.ts'
import { type FileList, findArtifacts } from './find-artifacts.ts'
import type { Outcome } from './outcome.ts'
import type { TaskPlan } from './plan-task.ts'
import { readFamily } from './read-family.ts'
import { runTask } from './run-task.ts'
import type { Task } from './task.ts'
import type { TaskEvent } from './task-event.ts'
import type { TaskResult } from './task-result.ts'

/** @param within a cap that it shares with others */
export function createTask(plan: TaskPlan, within?: SpendCap): Task {
  const channel = createChannel<TaskEvent>()
  const stop = new AbortController()
  let result: Promise<TaskResult> | undefined

  async function work(): Promise<TaskResult> {
    const createdAt = new Date()
    const { timeoutMs, signal } = plan.options
    const { files } = plan.settings
    const deadline = createDeadline(timeoutMs, [signal, stop.signal])
    const retries: TaskEvent[] = []
    let before: Promise<FileList> | undefined
    const list = async (until?: AbortSignal): Promise<FileList> => files?.list?.(until).catch(() => undefined)
    const outcome = await runTask(plan, {
      deadline,
      within,
      async beforeEffect() {
        before ??= list(deadline.signal)
        await before
      },
      emit(event) {
        if (event.type === 'retry') retries.push(event)
        channel.push(event)
      },
    })
    deadline.clear()
    const lists = { before: await before, after: before && (await list()) }
    // What cannot be read leaves the rest of the result as it is.
    const { own, all } = await readFamily(plan.settings.store, plan.id).catch(() => ({ own: [], all: [] }))
    const artifacts = await findArtifacts(all, files, lists)
    return toResult(plan, outcome, { createdAt, executionLog: executionLog(own, retries), artifacts })
  }

  function begin(): Promise<TaskResult> {
    result ??= work().then((value) => {
      channel.push({ type: 'result', at: value.completedAt.toISOString(), content: value })
      channel.end()
      return value
    })
    return result
  }

  async function* read() {
    const events = channel.read()
    begin()
    yield* events
  }

  return {
    id: plan.id,
    [Symbol.asyncIterator]: read,
    final: begin,
    abort(reason) {
      stop.abort(reason)
      return begin()
    },
  }
}

const nothing: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  speed: null,
  inference_geo: null,
}

function toResult(
  { id, description }: TaskPlan,
  { status, text, value, error, pending, usage, cost }: Outcome,
  more: Pick<TaskResult, 'createdAt' | 'executionLog' | 'artifacts'>,
): TaskResult {
  const completedAt = new Date()
  const all = usage ?? nothing
  return {
    id,
    description,
    status,
    result: {
      summary: text.trim() || error?.message || endings[status],
      ...(status === 'completed' && value !== undefined && { value }),
    },
    ...(error && { error }),
    pending,
    usage: { ...all, total_tokens: totalTokens(all) },
    cost: usage ? cost : free(),
    ...more,
    completedAt,
    durationMs: +completedAt - +more.createdAt,
  }
}

const endings: { [Status in TaskResult['status']]: string } = {
  completed: 'It was done, and nothing was said of it.',
  waiting: 'Calls wait for somebody.',
  failed: 'It failed.',
  timeout: 'Its time was over.',
  aborted: 'It was stopped.',
  over_budget: 'What it may cost was spent.',
}

function free(): Cost {
  return costOf('claude-haiku-4-5', nothing)!
}
