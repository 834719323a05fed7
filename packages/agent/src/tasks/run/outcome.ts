import { BudgetExceededError, type Cost, type ModelChoice, type Usage } from '@enjamb/core'
import { type ErrorFacts, toErrorFacts } from '../../journal/error-facts.ts'
import type { Pending } from '../../turn/agent-event.ts'
import type { TurnResult } from '../../turn/turn-result.ts'
import type { TaskStatus } from '../task-result.ts'
import type { Deadline } from './deadline.ts'

/** How the work at a task has ended. */
export interface Outcome {
  status: TaskStatus
  text: string
  pending: readonly Pending[]
  error?: ErrorFacts | undefined
  value?: unknown
  usage?: Usage | undefined
  cost?: Cost | undefined
  costAtMost?: number | undefined
  choice?: ModelChoice | undefined
}

export function outcomeOf({ status, text, pending, value, message }: TurnResult<unknown>, deadline: Deadline): Outcome {
  switch (status) {
    case 'completed':
      // It may have been waiting for sub-agents when it was ended.
      return deadline.cause ? { text, pending, ...ended(deadline) } : { status, text, pending, value }
    case 'waiting':
      return { status, text, pending }
    case 'over_budget':
      return {
        status,
        text,
        pending,
        error: toError(
          'budget_exceeded',
          message?.stop_reason === 'max_tokens'
            ? 'The last reply was cut off, as it could not cost more.'
            : 'The next request could have cost more than it may.',
        ),
      }
    case 'interrupted':
      return { text, pending, ...ended(deadline) }
    case 'refused':
      return { status: 'failed', text, pending, error: toError('refused', 'The model declined.') }
    case 'turn_limit':
      return {
        status: 'failed',
        text,
        pending,
        error: toError('turn_limit', 'The model asked for more turns than it may.'),
      }
  }
}

export function outcomeOfError(error: unknown, deadline?: Deadline): Outcome {
  const facts = toErrorFacts(error)
  const none = { text: '', pending: [] }
  if (error instanceof BudgetExceededError) return { status: 'over_budget', ...none, error: facts }
  return deadline?.cause ? { ...none, ...ended(deadline) } : { status: 'failed', ...none, error: facts }
}

function ended({ cause = 'aborted', reason }: Deadline): Pick<Outcome, 'status' | 'error'> {
  const message = reason || (cause === 'timeout' ? 'Its time was over.' : 'It was stopped.')
  return { status: cause, error: toError(cause, message) }
}

function toError(code: string, message: string): ErrorFacts {
  return { name: 'TaskError', code, message }
}
