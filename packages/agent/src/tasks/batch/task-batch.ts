import type { Cost, Usage } from '@enjamb/core'
import type { TaskOptions } from '../task.ts'
import type { TaskResult } from '../task-result.ts'

/** One of many tasks. */
export interface TaskSpec extends TaskOptions {
  description: string
}

/** How many tasks are worked on at once, and what they may cost together. */
export interface TaskBatchOptions {
  /** How many tasks to work at at once. Default 3. */
  concurrency?: number | undefined
  /** In dollars, for all of them together, beside what each may cost. Default none. */
  maxCost?: number | undefined
  /** What holds for each of them that does not say otherwise. */
  defaults?: Omit<TaskOptions, 'id' | 'decisions'> | undefined
  /** Stops all of them. */
  signal?: AbortSignal | undefined
}

/** How far a batch has come. */
export interface TaskProgress {
  total: number
  running: number
  completed: number
  /** Of those that have ended, all that are not `completed`. */
  failed: number
  /** Of those that have ended. */
  totalTokens: number
  /** In dollars, at list prices, as far as there are any; of those that have ended. */
  totalCost: number
}

/** What a batch came to. */
export interface TaskBatchResult extends TaskProgress {
  /** In the order of the list. */
  results: readonly TaskResult[]
  usage: (Usage & { total_tokens: number }) | undefined
  /** `undefined` where a part of it has no price. */
  cost: Cost | undefined
}

/**
 * Many tasks. Nothing is sent before somebody reads it; from then on it goes on to its end, whoever still reads. It gives results
 * as they come.
 */
export interface TaskBatch extends AsyncIterable<TaskResult & { index: number }> {
  /** As it is now. */
  readonly progress: TaskProgress
  /** Works at all of them. It does not reject. */
  final(): Promise<TaskBatchResult>
}
