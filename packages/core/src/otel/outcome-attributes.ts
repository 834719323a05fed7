import type { Attributes } from '@opentelemetry/api'
import type { Outcome } from '../client/middleware.ts'
import type { APIError } from '../errors/api/api-error.ts'
import { isEnjambError } from '../errors/enjamb-error.ts'
import { type PricedUsage, usageByModel } from '../models/usage-by-model.ts'
import type { Message } from '../wire/index.ts'
import { given } from './request-attributes.ts'

/** A message as far as it arrived: of an answer that is none, nothing is there. */
export type PartialMessage = Partial<Omit<Message, 'usage'>> & { usage?: Partial<Message['usage']> | null }

/** The sum of a count over all that an answer is billed for; nothing where the answer does not count. */
function total({ usage, model }: PartialMessage, of: (counts: PricedUsage) => number | null | undefined) {
  if (!usage || typeof of(usage) !== 'number') return undefined
  return usageByModel(`${model}`, usage).reduce((sum, { counts }) => sum + (of(counts) ?? 0), 0)
}

/** Input counted whole, as the conventions have it: the API leaves out what a cache has read or written. */
export function inputTokens(message: PartialMessage): number | undefined {
  return total(
    message,
    ({ input_tokens: plain, cache_read_input_tokens: read, cache_creation_input_tokens: written }) =>
      typeof plain === 'number' ? plain + (read ?? 0) + (written ?? 0) : plain,
  )
}

/** Those of compaction and advisors with them. */
export function outputTokens(message: PartialMessage): number | undefined {
  return total(message, (counts) => counts.output_tokens)
}

/** What a span says of the answer. */
export function messageAttributes(message: PartialMessage): Attributes {
  const { id, model, stop_reason, usage } = message
  return given({
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': stop_reason ? [stop_reason] : undefined,
    'gen_ai.usage.input_tokens': inputTokens(message),
    'gen_ai.usage.output_tokens': outputTokens(message),
    'gen_ai.usage.cache_read.input_tokens': total(message, (counts) => counts.cache_read_input_tokens),
    'gen_ai.usage.cache_creation.input_tokens': total(message, (counts) => counts.cache_creation_input_tokens),
    'gen_ai.usage.reasoning.output_tokens': usage?.output_tokens_details?.thinking_tokens,
  })
}

/** `error.type`: the `code` of our errors, the name of any other. */
export function errorType({ error }: Outcome): string | undefined {
  if (error === undefined) return undefined
  if (isEnjambError(error)) return error.code
  return (error instanceof Error && error.name) || '_OTHER'
}

/** Why it failed, in words that hold nothing of what was said: an error's own message may quote it. */
export function errorDescription({ error }: Outcome): string | undefined {
  if (!isEnjambError(error)) return undefined
  const { status, type } = error as Partial<APIError>
  return status === undefined ? undefined : `${status} ${type ?? 'error'}`
}
