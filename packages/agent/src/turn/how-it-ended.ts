import { BudgetExceededError, MaxOutputTokensError, type Message, RequestAbortedError } from '@enjamb/core'
import { TurnLimitError } from '@enjamb/tools'
import { type ErrorFacts, toErrorFacts } from '../journal/error-facts.ts'
import type { TurnResult } from './turn-result.ts'

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
export function factsOfEnd(error: unknown, signal: AbortSignal): ErrorFacts {
  const reason: unknown = signal.aborted && error instanceof RequestAbortedError && signal.reason
  return { ...toErrorFacts(error), ...(typeof reason === 'string' && { message: reason }) }
}

/** Of a reply that a budget had no more for. */
export const cutOffFacts: ErrorFacts = {
  name: 'BudgetExceededError',
  code: 'budget_exceeded',
  message: 'The last reply was cut off, as the budget had no more for it.',
}

/** What the model says of its refusal, or the hook that did not let the prompt be asked. */
export function toRefusal(message: Message | undefined, refused: string | undefined): ErrorFacts {
  if (message?.stop_reason !== 'refusal') return { name: 'PromptRefused', message: refused ?? '' }
  const { category, explanation } = message.stop_details ?? {}
  const text = explanation ?? category ?? 'the model declined'
  return { name: 'Refusal', ...(category && { code: category }), message: text }
}
