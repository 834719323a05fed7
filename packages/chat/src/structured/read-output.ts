import {
  type Cost,
  type JSONIssue,
  MaxOutputTokensError,
  type Message,
  RefusalError,
  SchemaMismatchError,
  type Usage,
} from '@enjamb/core'
import type { Reply } from '../reply.ts'
import type { OutputPlan } from './plan-output.ts'

/** What was spent to get an answer, other attempts included. */
export interface Spent {
  usage: Usage
  cost: Cost | undefined
}

/**
 * The value that an answer has, or what of it does not fit.
 *
 * @throws {RefusalError} the model declined
 * @throws {MaxOutputTokensError} the answer was cut off
 */
export async function readOutput(
  plan: Pick<OutputPlan, 'written' | 'check'>,
  reply: Reply,
  { usage, cost }: Spent,
): Promise<{ value: unknown; issues?: undefined } | { issues: readonly JSONIssue[] }> {
  const { message: partial, stopReason } = reply
  if (stopReason === 'refusal') {
    const why = partial.stop_details?.explanation ?? partial.stop_details?.category
    throw new RefusalError(`The model declined to answer${why ? `: ${why}` : '.'}`, { partial, usage, cost })
  }
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded') {
    throw new MaxOutputTokensError('The answer was cut off before it was whole: raise maxTokens, or ask for less.', {
      partial,
      usage,
      cost,
    })
  }
  const written = plan.written(reply)
  if ('value' in written) return plan.check(written.value)
  let value: unknown
  try {
    value = JSON.parse(written.json)
  } catch (error) {
    return { issues: [{ message: `is no JSON: ${(error as Error).message}`, path: [] }] }
  }
  return plan.check(value)
}

/** That an answer does not fit, and where. */
export function mismatch(issues: readonly JSONIssue[], partial: Message, { usage, cost }: Spent): SchemaMismatchError {
  const message = `The answer does not fit the schema:\n${issueLines(issues)}`
  return new SchemaMismatchError(message, { issues, partial, usage, cost })
}

/** What does not fit, a line for each. */
export function issueLines(issues: readonly JSONIssue[]): string {
  return issues.map(({ path, message }) => `- ${path.join('.') || 'the answer'}: ${message}`).join('\n')
}
