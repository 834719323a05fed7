import { expect, test } from 'vitest'
import type { Usage } from '../wire/index.ts'
import { addUsage } from './add-usage.ts'

const usage = (fields: object) => fields as Usage

test('adds counts, those inside of others too, and changes neither of its arguments', () => {
  const first = usage({
    input_tokens: 1,
    cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 0 },
  })
  const second = usage({
    input_tokens: 10,
    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 5 },
  })
  const before = structuredClone([first, second])
  expect(addUsage(first, second)).toEqual({
    input_tokens: 11,
    cache_creation: { ephemeral_5m_input_tokens: 22, ephemeral_1h_input_tokens: 5 },
  })
  expect([first, second]).toEqual(before)
})

test('keeps a count that only one of them has, and the later name of anything else', () => {
  const sum = addUsage(
    usage({ cache_read_input_tokens: null, server_tool_use: { web_search_requests: 2 }, service_tier: 'standard' }),
    usage({ cache_read_input_tokens: 7, server_tool_use: null, service_tier: 'priority' }),
  )
  expect(sum).toEqual({
    cache_read_input_tokens: 7,
    server_tool_use: { web_search_requests: 2 },
    service_tier: 'priority',
  })
  expect(addUsage(undefined, usage({ input_tokens: 3 }))).toEqual({ input_tokens: 3 })
})

test('adds up iterations of one type and model, which are billed beside the rest, however many there were', () => {
  const turn = usage({
    input_tokens: 1,
    iterations: [
      { type: 'compaction', input_tokens: 180_000, output_tokens: 3_000, cache_creation: null },
      { type: 'advisor_message', model: 'claude-opus-5-5', input_tokens: 10, output_tokens: 2 },
      { type: 'advisor_message', model: 'claude-fable-5-2', input_tokens: 5, output_tokens: 1 },
    ],
  })
  const sum = [turn, turn, usage({ input_tokens: 1, iterations: null })].reduce(addUsage, usage({}))
  expect(sum).toEqual({
    input_tokens: 3,
    iterations: [
      { type: 'compaction', input_tokens: 360_000, output_tokens: 6_000, cache_creation: null },
      { type: 'advisor_message', model: 'claude-opus-5-5', input_tokens: 20, output_tokens: 4 },
      { type: 'advisor_message', model: 'claude-fable-5-2', input_tokens: 10, output_tokens: 2 },
    ],
  })
})

test('takes the later of other lists, and knows a count that none of them has', () => {
  const sum = addUsage(
    usage({ notes: [1, 2], inference_geo: null }),
    usage({ notes: [3], inference_geo: null, speed: null }),
  )
  expect(sum).toEqual({ notes: [3], inference_geo: null, speed: null })
})

test('a count named __proto__ is one like any other', () => {
  const odd = JSON.parse('{ "input_tokens": 1, "__proto__": { "polluted": 1 } }')
  const sum = addUsage(addUsage(undefined, odd), odd)
  expect(Object.getPrototypeOf(sum)).toBe(Object.prototype)
  expect(JSON.stringify(sum)).toBe('{"input_tokens":2,"__proto__":{"polluted":2}}')
})
