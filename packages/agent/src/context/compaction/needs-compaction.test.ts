import { InvalidRequestError, RequestTooLargeError, type Usage } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { isOverflow } from './is-overflow.ts'
import { needsCompaction, promptTokens } from './needs-compaction.ts'

const usage = (counts: object) => counts as Usage
describe('it is time for a summary', () => {
  it.each([
    ['claude-sonnet-5-5', 32_000, 800_000],
    ['claude-haiku-4-5', 32_000, 160_000],
    ['claude-haiku-4-5', 64_000, 136_000],
    ['claude-sonnet-5-5', 900_000, 500_000],
  ])('of %s with %i tokens to write from %i tokens on', (model, maxTokens, first) => {
    expect(needsCompaction({ model, maxTokens, tokens: first - 1 })).toBe(false)
    expect(needsCompaction({ model, maxTokens, tokens: first })).toBe(true)
  })

  it('at as many tokens as are asked for', () => {
    const at = (tokens: number, model: string) => needsCompaction({ model, maxTokens: 1, tokens, atTokens: 50_000 })
    expect([at(49_999, 'opus'), at(50_000, 'opus'), at(50_000, 'unknown-1')]).toEqual([false, true, true])
  })

  it('again only where there is something more to be made shorter', () => {
    const at = (tokens: number, base: number) =>
      needsCompaction({ model: 'opus', maxTokens: 1, tokens, base, atTokens: 50_000 })
    expect([at(50_000, 9_000), at(50_000, 50_000), at(62_500, 50_000)]).toEqual([true, false, true])
  })

  it('never of a model that is not known, or before the first reply', () => {
    expect(needsCompaction({ model: 'unknown-1', maxTokens: 1, tokens: 10_000_000 })).toBe(false)
    expect(needsCompaction({ model: 'opus', maxTokens: 1, tokens: undefined, atTokens: 1 })).toBe(false)
  })
})

it('how long a conversation is, the last piece of work for its reply says', () => {
  const iterations = [
    { type: 'message', input_tokens: 100, output_tokens: 10 },
    { type: 'message', input_tokens: 130, output_tokens: 20, cache_creation_input_tokens: null },
    { type: 'advisor_message', input_tokens: 5_000, output_tokens: 1 },
  ]
  expect(promptTokens(usage({ input_tokens: 230, output_tokens: 30, iterations }))).toBe(150)
  expect(
    promptTokens(usage({ input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 3, iterations: [] })),
  ).toBe(6)
})

it.each([
  [400, 'prompt is too long: 215434 tokens > 200000 maximum', true],
  [400, 'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000', true],
  [413, 'Request exceeds the maximum size', true],
  [400, 'messages.0: all messages must have non-empty content', false],
  [429, 'prompt is too long', false],
])('an answer of %i "%s" is an overflow: %s', (status, message, is) => {
  const { [status === 413 ? 'large' : 'invalid']: Class } = {
    large: RequestTooLargeError,
    invalid: InvalidRequestError,
  }
  expect(isOverflow(new Class!(message, { status }))).toBe(is)
})
