import { describe, expect, it } from 'vitest'
import { createPlayer } from './player.ts'

const tools = [
  {
    name: 'Read',
    input_schema: {
      type: 'object' as const,
      properties: { path: { type: 'string' }, lines: { type: 'integer', minimum: 5 } },
      required: ['path', 'lines'],
    },
  },
  { name: 'Read-All', input_schema: { type: 'object' as const } },
]

async function reply(text: string, more: object = {}) {
  const params = { model: 'm', max_tokens: 10, messages: [{ role: 'user' as const, content: text }], tools, ...more }
  const { text: said, toolCalls } = await createPlayer({ turns: [] }).play(params, {})
  return toolCalls?.[0] ?? said
}

describe('the default reply', () => {
  it.each([
    ['Hello', 'You said: Hello'],
    [
      'Please call Read {"path": "a{}.txt", "deep": {"x": "}"}} now',
      { name: 'Read', input: { path: 'a{}.txt', deep: { x: '}' } } },
    ],
    ['use the tool `Read`', { name: 'Read', input: { path: 'text', lines: 5 } }],
    ['call Read {broken', { name: 'Read', input: { path: 'text', lines: 5 } }],
    ['run Read-All', { name: 'Read-All', input: {} }],
    ['I call Reading a joy', 'You said: I call Reading a joy'],
    ['never use call read {"path": "\\"}"}', { name: 'Read', input: { path: '"}' } }],
  ])('to %j', async (text, expected) => {
    expect(await reply(text)).toEqual(expected)
  })

  it.each([
    ['braces that never close', `call Read ${'{'.repeat(500_000)}`],
    ['braces that close too often', `call Read {"path": ${'}'.repeat(500_000)}`],
    ['wishes for tools that there are not', 'call '.repeat(100_000)],
    ['spaces', `call${' '.repeat(500_000)}`],
  ])('reads a text once, whatever is in it: %s', async (_, text) => {
    const many = Array.from({ length: 2000 }, (_, n) => ({ ...tools[1]!, name: `tool_${n}` }))
    expect(await reply(text, { tools: [...many, ...tools] })).toBeDefined()
  })

  it('obeys the tool choice', async () => {
    expect(await reply('Hello', { tool_choice: { type: 'any' } })).toMatchObject({ name: 'Read' })
    expect(await reply('Hello', { tool_choice: { type: 'tool', name: 'Read-All' } })).toMatchObject({
      name: 'Read-All',
    })
    expect(await reply('call Read', { tool_choice: { type: 'none' } })).toBe('You said: call Read')
  })

  it('fills the schema that the answer must fit', async () => {
    const schema = {
      type: 'object',
      properties: {
        kind: { enum: ['a', 'b'] },
        list: { type: 'array', items: { anyOf: [{ type: 'null' }] } },
        ok: { type: 'boolean' },
      },
      required: ['kind', 'list', 'ok'],
    }
    expect(await reply('Hello', { output_config: { format: { type: 'json_schema', schema } } })).toBe(
      '{"kind":"a","list":[null],"ok":true}',
    )
  })

  it('sums up tool results, the failed ones too', async () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: '1', name: 'Read', input: {} },
          { type: 'tool_use', id: '2', name: 'Glob', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: '1', content: 'x'.repeat(500) },
          { type: 'tool_result', tool_use_id: '2', content: [{ type: 'text', text: 'no such file' }], is_error: true },
        ],
      },
    ]
    expect(await reply('', { messages })).toBe(`Read returned: ${'x'.repeat(400)}…\nGlob failed: no such file`)
  })
})
