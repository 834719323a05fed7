import type { MessageParams } from '../../wire/index.ts'

/** The least that the API takes. */
const minThinking = 1_024

/**
 * A request that may write less. Its prompt stays, byte for byte, and so does what the API has cached of it. A `budget_tokens` that
 * would leave no room for an answer becomes the least that there is, so that it is the same from then on; that costs what is
 * cached of the messages, once.
 *
 * @param least tokens for an answer
 */
export function lowerOutput(params: MessageParams, tokens: number, least: number): MessageParams {
  const { thinking } = params
  const thinksLess = thinking?.type === 'enabled' && thinking.budget_tokens + least > tokens
  return {
    ...params,
    max_tokens: tokens,
    ...(thinksLess && { thinking: { ...thinking, budget_tokens: Math.min(thinking.budget_tokens, minThinking) } }),
  }
}

/** The fewest tokens that a request can be lowered to. */
export function leastOutput({ thinking, max_tokens }: MessageParams, least: number): number {
  return Math.min(max_tokens, least + (thinking?.type === 'enabled' ? minThinking : 0))
}
