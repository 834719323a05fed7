import type { Attributes } from '@opentelemetry/api'
import type { Outcome } from '../client/middleware.ts'
import type { APIError } from '../errors/api/api-error.ts'
import { isEnjambError } from '../errors/enjamb-error.ts'
import type { Message } from '../wire/index.ts'
import { given } from './request-attributes.ts'

/** A message as far as it arrived: of an answer that is none, nothing is there. */
export type PartialMessage = Partial<Omit<Message, 'usage'>> & { usage?: Partial<Message['usage']> | null }

/** Input counted whole, as the conventions have it: the API leaves out what a cache has read or written. */
export function inputTokens({ usage }: PartialMessage): number | undefined {
  if (typeof usage?.input_tokens !== 'number') return undefined
  return usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0)
}

/** What a span says of the answer. */
export function messageAttributes(message: PartialMessage): Attributes {
  const { id, model, stop_reason, usage } = message
  return given({
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': stop_reason ? [stop_reason] : undefined,
    'gen_ai.usage.input_tokens': inputTokens(message),
    'gen_ai.usage.output_tokens': usage?.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': usage?.cache_read_input_tokens,
    'gen_ai.usage.cache_creation.input_tokens': usage?.cache_creation_input_tokens,
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
