import {
  BudgetExceededError,
  isEnjambError,
  MaxOutputTokensError,
  type Message,
  RequestAbortedError,
} from '@enjamb/core'
import { TurnLimitError } from '@enjamb/tools'
import type { TurnEntry } from '../journal/entry.ts'
import type { TurnResult } from './turn-result.ts'

type Facts = NonNullable<TurnEntry['error']>

/**
 * What an error means for a turn that ends with it; nothing where it has failed.
 *
 * @param cutOff ids of replies that a budget had no more for
 */
export function statusOf(
  error: unknown,
  signal: AbortSignal,
  cutOff?: ReadonlySet<string>,
): TurnResult['status'] | undefined {
  if (error instanceof TurnLimitError) return 'turn_limit'
  if (error instanceof BudgetExceededError) return 'over_budget'
  if (error instanceof MaxOutputTokensError && cutOff?.has(error.partial.id)) return 'over_budget'
  return signal.aborted && error instanceof RequestAbortedError ? 'interrupted' : undefined
}

/** What is written down of an error; of an interruption, what was said to whoever was interrupted. */
export function toErrorFacts(error: unknown, signal: AbortSignal): Facts {
  const { name = 'Error', message = String(error) } = Object(error)
  const reason: unknown = signal.aborted && error instanceof RequestAbortedError && signal.reason
  const text = typeof reason === 'string' ? reason : message
  return { name, message: text, ...(isEnjambError(error) && { code: error.code }) }
}

/** Of a reply that a budget had no more for. */
export const cutOffFacts: Facts = {
  name: 'BudgetExceededError',
  code: 'budget_exceeded',
  message: 'The last reply was cut off, as the budget had no more for it.',
}

/** What the model says of its refusal, or the hook that did not let the prompt be asked. */
export function toRefusal(message: Message | undefined, refused: string | undefined): Facts {
  if (message?.stop_reason !== 'refusal') return { name: 'PromptRefused', message: refused ?? '' }
  const { category, explanation } = message.stop_details ?? {}
  const text = explanation ?? category ?? 'the model declined'
  return { name: 'Refusal', ...(category && { code: category }), message: text }
}
