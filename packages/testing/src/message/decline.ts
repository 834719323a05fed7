import type { ContentBlock, Message } from '@enjamb/core'
import { findMockModel } from '../models/mock-model.ts'
import type { RefusalCategory, TurnRefusal } from '../script/turn.ts'
import { iterationOf, type MockUsage, type Spent, usageOfAnswer } from './usage-of-answer.ts'

/** What the mock's default fallback is, and that of this one itself. */
const defaults = ['claude-opus-4-8', 'claude-sonnet-4-6']

/** The first model to ask when the requested one declines; `undefined` where the request names none. */
export function fallbackOf(params: object, requested: string): string | undefined {
  const { fallbacks } = params as { fallbacks?: 'default' | { model: string }[] | null }
  if (!fallbacks) return undefined
  const name = fallbacks === 'default' ? defaults.find((model) => model !== requested) : fallbacks[0]?.model
  return name && (findMockModel(name)?.id ?? name)
}

/** What a model's refusal makes of an answer: the whole of it, or its beginning where another model takes over. */
export interface Declined {
  /** What the model had written. */
  before: ContentBlock[]
  details: NonNullable<Message['stop_details']>
}

export function declineOf(refusal: RefusalCategory | TurnRefusal, thinking: ContentBlock[]): Declined {
  const {
    category,
    explanation = null,
    after,
  } = typeof refusal === 'object' && refusal ? refusal : { category: refusal }
  const text = after === undefined ? [] : [{ type: 'text', text: after, citations: null } as unknown as ContentBlock]
  return {
    before: text.length > 0 ? [...thinking, ...text] : [],
    details: { type: 'refusal', category, explanation } as NonNullable<Message['stop_details']>,
  }
}

/** The block between what one model wrote and what the next one answers. */
export function fallbackBlock(from: string, to: string, { details }: Declined): ContentBlock {
  const trigger = { type: 'refusal', category: (details as { category: unknown }).category }
  return { type: 'fallback', from: { model: from }, to: { model: to }, trigger } as unknown as ContentBlock
}

/** Both models' work: the counts at the top are those of the one that answered. */
export function usageOfFallback(
  from: string,
  to: string,
  { before }: Declined,
  answer: ContentBlock[],
  spent: Spent,
): MockUsage {
  const usage = usageOfAnswer(answer, spent)
  const declined = usageOfAnswer(before, spent)
  return { ...usage, iterations: [iterationOf('message', from, declined), iterationOf('fallback_message', to, usage)] }
}
