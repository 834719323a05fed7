import type { Cost, ModelChoice, Usage } from '@enjamb/core'
import type { ErrorFacts } from '../journal/error-facts.ts'
import type { Pending } from '../turn/agent-event.ts'
import type { TaskArtifact } from './result/task-artifact.ts'
import type { TaskStep } from './task-step.ts'

/**
 * How a task ended. `waiting`: calls wait for somebody, see `pending`. `failed`: `error` says why; the model may have declined,
 * or asked for more turns than it may.
 */
export type TaskStatus = 'completed' | 'failed' | 'timeout' | 'aborted' | 'over_budget' | 'waiting'

/** What a task came to. Its session has the same `id`, and can be opened with it. */
export interface TaskResult<T = unknown> {
  id: string
  description: string
  status: TaskStatus
  result: {
    /** The last that the agent said; where it said nothing, how the task ended. */
    summary: string
    /** What the answer comes to, where the task has a `schema` and is `completed`. */
    value?: T | undefined
  }
  /** What ended it, where it is not completed. */
  error?: ErrorFacts | undefined
  /** The calls that wait. */
  pending: readonly Pending[]
  /** What happened, in order, from its journal: thoughts and texts whole. The task's sub-agents have journals of their own. */
  executionLog: readonly TaskStep[]
  /** Files that it and its sub-agents made, changed or removed. */
  artifacts: readonly TaskArtifact[]
  /** Of all requests, those of tools and sub-agents included; `total_tokens` are all of them, cached or not. */
  usage: Usage & { total_tokens: number }
  /** At list prices; `undefined` where a model has none. */
  cost: Cost | undefined
  /**
   * The most that it can have cost, in dollars, where it has a `maxCost`: with all that was set aside for requests of which nobody
   * knows what came, as their process was killed or their connection broke. It is what counts for `maxCost`.
   */
  costAtMost: number | undefined
  /** The model and why it was chosen, where the agent has it chosen. */
  choice: ModelChoice | undefined
  createdAt: Date
  completedAt: Date
  durationMs: number
}
