import { totalTokens } from '@enjamb/chat'
import { type Cost, costOf } from '@enjamb/core'
import { noUsage } from '../../turn/no-usage.ts'
import type { TaskPlan } from '../plan-task.ts'
import type { Outcome } from '../run/outcome.ts'
import type { TaskResult } from '../task-result.ts'

/** What is told of a task when it has ended. */
export function toResult(
  { id, description }: Pick<TaskPlan, 'id' | 'description'>,
  { status, text, value, error, pending, usage, cost, costAtMost, choice }: Outcome,
  more: Pick<TaskResult, 'createdAt' | 'executionLog' | 'artifacts'>,
): TaskResult {
  const completedAt = new Date()
  const all = usage ?? noUsage
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
    costAtMost,
    choice,
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
  return costOf('claude-haiku-4-5', noUsage)!
}
