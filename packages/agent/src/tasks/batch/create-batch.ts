import { ConfigError, checkOptions, onAbort } from '@enjamb/core'
import { type SpendCap, spendCap } from '../../subagents/spend-cap.ts'
import { createTally } from '../../tally.ts'
import { createChannel, readBegun } from '../../turn/channel.ts'
import { toResult } from '../result/to-result.ts'
import { outcomeOfError } from '../run/outcome.ts'
import type { Task } from '../task.ts'
import type { TaskResult } from '../task-result.ts'
import type { TaskBatch, TaskBatchOptions, TaskBatchResult, TaskProgress, TaskSpec } from './task-batch.ts'

/**
 * @param make makes one of the tasks
 * @throws {ConfigError} an option is not usable
 */
export function createBatch(
  list: readonly (string | TaskSpec)[],
  options: TaskBatchOptions,
  make: (spec: TaskSpec, within: SpendCap | undefined) => Task,
): TaskBatch {
  checkOptions('agent.tasks', options, ['concurrency', 'maxCost', 'defaults', 'signal'])
  const { concurrency = 3, maxCost, defaults, signal } = options
  if (!(concurrency >= 1)) throw new ConfigError('concurrency must be 1 or more.')
  if (maxCost !== undefined && !(maxCost > 0)) throw new ConfigError('maxCost must be more than 0, in dollars.')
  const cap = maxCost === undefined ? undefined : spendCap(maxCost)
  const tasks = list.map((one) => {
    const spec = { ...defaults, ...(typeof one === 'string' ? { description: one } : one) }
    try {
      return make(spec, cap)
    } catch (error) {
      // What is wrong with one is no reason not to work at the others.
      return {
        failed: toResult({ id: spec.id ?? '', description: spec.description }, outcomeOfError(error), nothingDone()),
      }
    }
  })
  const channel = createChannel<TaskResult & { index: number }>()
  const progress = { total: tasks.length, running: 0, completed: 0, failed: 0, totalTokens: 0, totalCost: 0 }
  const results: TaskResult[] = []
  const tally = createTally()
  let nanoUsd = 0
  let all: Promise<TaskBatchResult> | undefined

  async function finish(task: Task): Promise<TaskResult> {
    const forget = onAbort(signal, () => void task.abort(signal?.reason))
    const result = await (signal?.aborted ? task.abort(signal.reason) : task.final())
    forget()
    return result
  }

  async function take(index: number): Promise<void> {
    const task = tasks[index]!
    progress.running++
    const result = 'failed' in task ? task.failed : await finish(task)
    progress.running--
    progress[result.status === 'completed' ? 'completed' : 'failed']++
    const { total_tokens, ...usage } = result.usage
    progress.totalTokens += total_tokens
    // In whole nano-dollars, so that the sum is exact.
    nanoUsd += result.cost?.nanoUsd ?? 0
    progress.totalCost = nanoUsd / 1e9
    tally.add({ usage, cost: result.cost })
    results[index] = result
    channel.push({ ...result, index })
  }

  async function work(): Promise<TaskBatchResult> {
    let next = 0
    async function worker(): Promise<void> {
      while (next < tasks.length) await take(next++)
    }
    await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, worker))
    channel.end()
    const { usage, cost } = tally
    return { ...progress, results, usage: usage && { ...usage, total_tokens: progress.totalTokens }, cost }
  }

  const begin = () => (all ??= work())
  return {
    get progress(): TaskProgress {
      return { ...progress }
    },
    final: begin,
    [Symbol.asyncIterator]: () => readBegun(channel, begin),
  }
}

function nothingDone() {
  return { createdAt: new Date(), executionLog: [], artifacts: [] }
}
