import { expect, it } from 'vitest'
import { inputContent, outputContent } from './content-attributes.ts'

it('what was said is written in the form of the conventions', () => {
  const written = inputContent({
    model: 'claude-haiku-4-5',
    max_tokens: 10,
    system: [{ type: 'text', text: 'Be short.' }],
    messages: [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 's' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'rain' }] }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_2' },
          { type: 'text', text: 'and?' },
        ],
      },
    ],
    tools: [
      { name: 'weather', description: 'Tells it.', input_schema: { type: 'object' }, strict: true },
      { type: 'web_search_20250305', name: 'web_search' },
    ],
  })
  const values = Object.fromEntries(Object.entries(written).map(([name, json]) => [name, JSON.parse(String(json))]))
  expect(values).toEqual({
    'gen_ai.system_instructions': [{ type: 'text', content: 'Be short.' }],
    'gen_ai.input.messages': [
      { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'tool_call', id: 'toolu_1', name: 'weather', arguments: { city: 'Paris' } },
        ],
      },
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: 'toolu_1', response: [{ type: 'text', content: 'rain' }] }],
      },
      {
        role: 'user',
        parts: [
          { type: 'tool_call_response', id: 'toolu_2', response: null },
          { type: 'text', content: 'and?' },
        ],
      },
    ],
    'gen_ai.tool.definitions': [
      { type: 'function', name: 'weather', description: 'Tells it.', parameters: { type: 'object' } },
      { type: 'web_search_20250305', name: 'web_search' },
    ],
  })
})

it('what the model said is one message with its reason to stop', () => {
  const content = [{ type: 'text', text: 'Rain.', citations: null }] as never
  expect(outputContent({ role: 'assistant', content, stop_reason: 'end_turn' })).toEqual({
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: 'Rain.' }], finish_reason: 'end_turn' },
    ]),
  })
  expect(outputContent({ content: [] })['gen_ai.output.messages']).toContain('"finish_reason":"error"')
  expect(outputContent({})).toEqual({})
})

it('pictures and documents are named and not copied, and what is unknown is left as it is', () => {
  const source = { type: 'base64', media_type: 'image/png', data: 'QUJD'.repeat(1000) }
  const block = { type: 'hologram', depth: 3 }
  const json = String(
    inputContent({ messages: [{ role: 'user', content: [{ type: 'image', source }, block] }] })[
      'gen_ai.input.messages'
    ],
  )
  expect(JSON.parse(json)[0].parts).toEqual([
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '…' } },
    block,
  ])
})

it('a credential that was said is not written', () => {
  const json = inputContent({ messages: [{ role: 'user', content: 'my key is sk-ant-api03-abc' }] })
  expect(JSON.stringify(json)).not.toContain('abc')
})

it.each([
  undefined,
  null,
  'text',
  5,
  new FormData(),
  { messages: 'no list' },
  { messages: [null] },
  { messages: [{ content: [null] }] },
])('of %o there is nothing to write, or an error that the middleware takes', (params) => {
  try {
    expect(typeof inputContent(params)).toBe('object')
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
  }
})
