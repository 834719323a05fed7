import { calcPrice, findProvider } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Usage } from '../wire/response/usage.ts'
import { costOf } from './cost-of.ts'
import { models, modelsCheckedOn } from './models.generated.ts'

const none: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  cache_creation: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null,
  inference_geo: null,
}

const tokens = fc.nat({ max: 400_000 })
const counts = fc.record({
  input: tokens,
  output: tokens,
  write5m: tokens,
  write1h: tokens,
  read: tokens,
  searches: fc.nat(50),
})
type Counts = typeof counts extends fc.Arbitrary<infer T> ? T : never

function toUsage({ input, output, write5m, write1h, read, searches }: Counts): Usage {
  return {
    ...none,
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: write5m + write1h,
    cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
    cache_read_input_tokens: read,
    server_tool_use: { web_search_requests: searches, web_fetch_requests: 0 },
  }
}

const priced = models.filter((model) => model.prices)

describe('costOf', () => {
  test('counts each part at its own price, and adds them up exactly', () => {
    const usage = toUsage({ input: 1_000, output: 200, write5m: 30, write1h: 7, read: 5_000, searches: 2 })
    expect(costOf('claude-opus-5-5', usage)).toEqual({
      nanoUsd: 29_206_000,
      usd: 0.029206,
      input: 4_000_000,
      output: 4_000_000,
      cacheWrite: 206_000,
      cacheRead: 1_000_000,
      other: 20_000_000,
    })
  })

  test('agrees with genai-prices for every model that it has', () => {
    const published = findProvider({ providerId: 'anthropic' })?.models.map(({ id }) => id)
    // Whose long prompts it prices as long as there were any: the API refuses them now.
    const ended = 'claude-sonnet-4-5'
    const shared = priced.filter(({ id }) => published?.includes(id) && id !== ended)
    expect(shared.length).toBeGreaterThan(10)
    fc.assert(
      fc.property(fc.constantFrom(...shared), counts, ({ id }, usage) => {
        const theirs = calcPrice(
          {
            input_tokens: usage.input + usage.write5m + usage.write1h + usage.read,
            cache_write_tokens: usage.write5m + usage.write1h,
            cache_write_1h_tokens: usage.write1h,
            cache_read_tokens: usage.read,
            output_tokens: usage.output,
            web_searches: usage.searches,
          },
          id,
          { providerId: 'anthropic', timestamp: new Date(modelsCheckedOn) },
        )
        expect(costOf(id, toUsage(usage))?.usd).toBeCloseTo(theirs?.total_price ?? Number.NaN, 9)
      }),
    )
  })

  test('any partition of a usage costs what the whole costs, where no long-prompt price applies', () => {
    const flat = priced.filter((model) => !model.prices?.longPrompt)
    fc.assert(
      fc.property(fc.constantFrom(...flat), fc.array(counts, { minLength: 1, maxLength: 8 }), ({ id }, parts) => {
        const whole = parts.reduce((a, b) => ({
          input: a.input + b.input,
          output: a.output + b.output,
          write5m: a.write5m + b.write5m,
          write1h: a.write1h + b.write1h,
          read: a.read + b.read,
          searches: a.searches + b.searches,
        }))
        const sum = parts.reduce((total, part) => total + (costOf(id, toUsage(part))?.nanoUsd ?? Number.NaN), 0)
        expect(sum).toBe(costOf(id, toUsage(whole))?.nanoUsd)
      }),
    )
  })

  test('every result is a whole number of nano-dollars, whatever modifiers meet, and its parts add up to it', () => {
    const modifiers = fc.record({
      service_tier: fc.constantFrom('standard', 'priority', 'batch', null),
      inference_geo: fc.constantFrom('us', 'global', 'not_available', null),
    })
    fc.assert(
      fc.property(fc.constantFrom(...priced), counts, modifiers, ({ id }, usage, modifier) => {
        const cost = costOf(id, { ...toUsage(usage), ...modifier })
        const { nanoUsd, usd, ...parts } = cost ?? expect.fail()
        expect(Object.values(parts).every(Number.isSafeInteger)).toBe(true)
        expect(Object.values(parts).reduce((a, b) => a + b)).toBe(nanoUsd)
        expect(usd).toBe(nanoUsd / 1e9)
      }),
    )
  })

  test('a prompt over the threshold makes all its tokens dearer, and the cached ones count towards it', () => {
    const at = { ...none, input_tokens: 1, cache_read_input_tokens: 99_999, output_tokens: 10 }
    expect(costOf('haiku', at)).toMatchObject({ input: 100, cacheRead: 999_990, output: 5_000 })
    const over = { ...at, input_tokens: 2 }
    expect(costOf('haiku', over)).toMatchObject({ input: 1_000, cacheRead: 4_999_950, output: 25_000 })
  })

  test('a batch costs half, its web searches the same', () => {
    const usage = toUsage({ input: 10, output: 10, write5m: 10, write1h: 10, read: 10, searches: 1 })
    expect(costOf('sonnet', { ...usage, service_tier: 'batch' })).toMatchObject({
      input: 10_000,
      output: 50_000,
      cacheWrite: 32_500,
      cacheRead: 500,
      other: 10_000_000,
    })
  })

  test('half a nano-dollar is rounded up', () => {
    const usage = { cache_creation_input_tokens: 1, service_tier: 'batch' }
    expect(costOf('claude-haiku-5-5', usage)?.cacheWrite).toBe(63)
  })

  test('fast mode doubles the tokens of the models that have it, and is unpriced for the others', () => {
    const usage: Usage = { ...none, input_tokens: 1, output_tokens: 1, speed: 'fast' }
    expect(costOf('opus', usage)).toMatchObject({ input: 8_000, output: 40_000 })
    expect(costOf('sonnet', usage)).toBeUndefined()
  })

  test('inference kept in the US, or in the region of a cloud, costs a tenth more', () => {
    const usage: Usage = { ...none, input_tokens: 10, inference_geo: 'us' }
    expect(costOf('opus', usage)?.nanoUsd).toBe(44_000)
    for (const inference_geo of ['bedrock-eu', 'bedrock-us-east-1', 'vertex-northamerica-northeast1']) {
      expect(costOf('claude-opus-4-5@20251101', { ...usage, inference_geo })?.nanoUsd).toBe(55_000)
    }
    for (const inference_geo of ['global', 'not_available', null]) {
      expect(costOf('claude-opus-4-5', { ...usage, inference_geo })?.nanoUsd).toBe(50_000)
    }
  })

  test('modifiers stack', () => {
    const usage: Usage = { ...none, input_tokens: 10, inference_geo: 'us', speed: 'fast' }
    expect(costOf('claude-fable-5-2', usage)?.nanoUsd).toBe(176_000)
  })

  test('compaction is billed beside the answer, at the price of its model', () => {
    const usage = { input_tokens: 3_000, output_tokens: 5_000 }
    expect(costOf('opus', usage)?.usd).toBe(0.112)
    const iterations = [
      { type: 'compaction', input_tokens: 180_000, output_tokens: 3_500 },
      { type: 'message', model: null, ...usage },
    ]
    expect(costOf('opus', { ...usage, iterations })?.usd).toBe(0.902)
  })

  test('an advisor is billed at its own price, and at the usual speed where it has no other', () => {
    const advice = { type: 'advisor_message', model: 'claude-sonnet-5-5', input_tokens: 10, output_tokens: 10 }
    const usage = { input_tokens: 1, iterations: [advice], speed: 'fast' }
    expect(costOf('opus', usage)).toMatchObject({ input: 28_000, output: 100_000, nanoUsd: 128_000 })
  })

  test('after a fallback the attempts before it are billed, each once, and the answer at the price of who gave it', () => {
    const iterations = [
      { type: 'message', model: 'claude-fable-5-2', input_tokens: 10, output_tokens: 1 },
      { type: 'message', model: 'claude-opus-5-5', input_tokens: 10, output_tokens: 2 },
      { type: 'fallback_message', model: 'claude-opus-5-5', input_tokens: 10, output_tokens: 2 },
    ]
    const usage = { input_tokens: 20, output_tokens: 4, iterations }
    // Whether the message names the model that was asked or the one that answered.
    for (const model of ['claude-fable-5-2', 'claude-opus-5-5', 'claude-opus-5-5-20261224']) {
      expect(costOf(model, usage)?.nanoUsd, model).toBe(10 * 8_000 + 40_000 + 20 * 4_000 + 4 * 20_000)
    }
  })

  test('an iteration of a model without a price leaves no price', () => {
    const iterations = [{ type: 'advisor_message', model: 'claude-of-tomorrow', input_tokens: 1 }]
    expect(costOf('opus', { input_tokens: 1, iterations })).toBeUndefined()
  })

  test.each([
    ['cyber', 0],
    ['general_harms', 0],
    [null, 0],
    ['bio', 40_000],
    ['frontier_llm', 40_000],
    ['reasoning_extraction', 40_000],
  ])('a refusal before any output, of category %s, costs %d nano-dollars', (category, nanoUsd) => {
    const refusal = { stop_reason: 'refusal', stop_details: { category }, content: [] as object[] }
    expect(costOf('opus', { input_tokens: 10 }, refusal)?.nanoUsd).toBe(nanoUsd)
    // In the middle of an answer it is billed always.
    expect(costOf('opus', { input_tokens: 10 }, { ...refusal, content: [{ type: 'text' }] })?.nanoUsd).toBe(40_000)
  })

  test('a cache write without its split is one of five minutes', () => {
    expect(costOf('opus', { cache_creation_input_tokens: 3 })?.cacheWrite).toBe(15_000)
    const half = { cache_creation_input_tokens: 3, cache_creation: { ephemeral_1h_input_tokens: 1 } }
    expect(costOf('opus', half)?.cacheWrite).toBe(18_000)
  })

  test('nothing used costs nothing', () => {
    expect(costOf('opus', none)).toEqual({
      nanoUsd: 0,
      usd: 0,
      input: 0,
      output: 0,
      cacheWrite: 0,
      cacheRead: 0,
      other: 0,
    })
  })

  test.each([
    'claude-something-new',
    'claude-opus-5-6',
    'claude-opus-5-5-fast',
    'claude-opus',
    'opus-5-5',
    'constructor',
    '',
  ])('%j has no published price', (model) => {
    expect(costOf(model, none)).toBeUndefined()
  })
})
