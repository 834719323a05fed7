import { describe, expect, test } from 'vitest'
import { resultBlock, toResultBody } from './tool-result.ts'

const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } }
const cached = { type: 'text', text: 'hi', citations: null, cache_control: { type: 'ephemeral' } }
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'aGk=' }, title: 'A' }
const hit = {
  type: 'search_result',
  source: 'https://example.com',
  title: 'A',
  content: [{ type: 'text', text: 'hi' }],
}
const reference = { type: 'tool_reference', tool_name: 'look' }
const node = { type: 'text', text: 'hi', marks: ['bold'] }
const call = { type: 'tool_use', id: 'toolu_1', name: 'x', input: {} } as const

describe('what a tool returns', () => {
  test.each([
    ['text', 'as it is', 'text', 'text'],
    ['a number', 'as JSON', 3, '3'],
    ['null', 'as JSON', null, 'null'],
    ['an object', 'as JSON', { a: [1] }, '{"a":[1]}'],
    ['an empty list', 'as JSON', [], '[]'],
    ['a list of values', 'as JSON', [1, 'a'], '[1,"a"]'],
    ['one block', 'as a list of it', image, [image]],
    ['blocks', 'as they are', [{ type: 'text', text: 'hi' }, image], [{ type: 'text', text: 'hi' }, image]],
    ['a text block with all that one has', 'as it is', [cached], [cached]],
    ['a document', 'as a block', pdf, [pdf]],
    ['a search result', 'as a block', hit, [hit]],
    ['a reference to a tool', 'as a block', reference, [reference]],
    [
      'the state of a browser',
      'as a block',
      { type: 'browser_state', tabs: [] },
      [{ type: 'browser_state', tabs: [] }],
    ],
    ['the nodes of an editor', 'as JSON', [node], '[{"type":"text","text":"hi","marks":["bold"]}]'],
    ['a text that is none', 'as JSON', { type: 'text', text: 5 }, '{"type":"text","text":5}'],
    [
      'a document of the tool’s own',
      'as JSON',
      { type: 'document', source: 'wiki' },
      '{"type":"document","source":"wiki"}',
    ],
    [
      'a search of the tool’s own',
      'as JSON',
      { type: 'search_result', content: 'x' },
      '{"type":"search_result","content":"x"}',
    ],
    ['a reference to something else', 'as JSON', { type: 'tool_reference' }, '{"type":"tool_reference"}'],
    ['a block among other values', 'as JSON', [{ type: 'text', text: 'hi' }, 3], '[{"type":"text","text":"hi"},3]'],
    ['lists of blocks', 'as JSON', [[{ type: 'text', text: 'hi' }]], '[[{"type":"text","text":"hi"}]]'],
    ['a value that only looks like a block', 'as JSON', { type: 'image', id: 5 }, '{"type":"image","id":5}'],
    ['a value of a type like a property of all objects', 'as JSON', { type: 'constructor' }, '{"type":"constructor"}'],
    ['blocks, some blank', 'without those', [{ type: 'text', text: ' ' }, image], [image]],
  ])('reaches the model: %s, %s', (_what, _how, value, expected) => {
    expect(toResultBody(value)).toEqual(expected)
  })

  test.each([undefined, '', ' \n', [{ type: 'text', text: '' }]])(
    'is left out of the block where it is %j',
    (value) => {
      expect(resultBlock(call, toResultBody(value))).toEqual({ type: 'tool_result', tool_use_id: 'toolu_1' })
    },
  )

  test('is cut where it is too long, and the model is told', () => {
    expect(toResultBody('abcdef', 4)).toBe('abcd\n[Cut: 4 of 6 characters are shown.]')
    expect(toResultBody('abcdef', 6)).toBe('abcdef')
    expect(toResultBody('x'.repeat(200_001))).toHaveLength(
      200_000 + '\n[Cut: 200000 of 200001 characters are shown.]'.length,
    )
  })

  test('is cut by the text of all its blocks', () => {
    expect(toResultBody([{ type: 'text', text: 'abc' }, image, { type: 'text', text: 'def' }], 4)).toEqual([
      { type: 'text', text: 'abc' },
      image,
      { type: 'text', text: 'd\n[Cut: 1 of 3 characters are shown.]' },
    ])
  })

  test('is cut once, however many blocks there are', () => {
    const blocks = ['abc', 'def', 'ghi'].map((text) => ({ type: 'text', text }))
    expect(toResultBody(blocks, 3)).toEqual([
      { type: 'text', text: 'abc' },
      { type: 'text', text: '\n[Cut: 0 of 3 characters are shown.]' },
    ])
  })

  test('is not said to be cut where it fits exactly, in all its blocks', () => {
    const blocks = ['ab', 'cd'].map((text) => ({ type: 'text', text }))
    expect(toResultBody(blocks, 4)).toEqual(blocks)
    expect(toResultBody('x'.repeat(200_000))).toHaveLength(200_000)
  })

  test('that is an error of a toolset says both', () => {
    expect(resultBlock({ ...call, toolset_name: 'browser' }, 'no', true)).toEqual({
      ...{ type: 'tool_result', tool_use_id: 'toolu_1', toolset_name: 'browser' },
      ...{ content: 'no', is_error: true },
    })
    expect(resultBlock(call, 'yes', false)).toEqual({ type: 'tool_result', tool_use_id: 'toolu_1', content: 'yes' })
  })
})
