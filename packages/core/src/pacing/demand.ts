import type { Usage } from '../wire/index.ts'

/** What requests use up of each limit, learnt from those that were answered. */
export interface Demand {
  /** Requests (one), input tokens, output tokens, tokens of both kinds. */
  of(body: unknown): [requests: number, input: number, output: number, tokens: number]
  learn(body: unknown, value: unknown): void
}

export function createDemand(): Demand {
  // About what English text has; images and cached prompts have less, and soon show it.
  let tokensPerCharacter = 0.25
  let output = 0
  return {
    of(body) {
      const input = lengthOf(body) * tokensPerCharacter
      return [1, input, output, input + output]
    },
    learn(body, value) {
      const { input_tokens, cache_creation_input_tokens, output_tokens } = Object(Object(value).usage) as Usage
      tokensPerCharacter = drift(
        tokensPerCharacter,
        (input_tokens + (cache_creation_input_tokens ?? 0)) / lengthOf(body),
      )
      output = drift(output, output_tokens)
    },
  }
}

const lengthOf = (body: unknown) => (typeof body === 'string' ? body.length : 0)

const drift = (mean: number, value: number) => (value >= 0 && value < 1e9 ? mean + (value - mean) / 5 : mean)
