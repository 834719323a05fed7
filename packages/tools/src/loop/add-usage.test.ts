import type { Usage } from '@enjamb/core'
import { expect, test } from 'vitest'
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

test('takes the later list, and knows a count that none of them has', () => {
  const sum = addUsage(
    usage({ iterations: [{ input_tokens: 1 }, { input_tokens: 2 }], inference_geo: null }),
    usage({ iterations: [{ input_tokens: 3 }], inference_geo: null, speed: null }),
  )
  expect(sum).toEqual({ iterations: [{ input_tokens: 3 }], inference_geo: null, speed: null })
})
