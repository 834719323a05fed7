import { ConfigError } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTool } from './define-tool.ts'
import type { InputSchema } from './input-schema.ts'

const define = (input: InputSchema) => () => defineTool({ name: 'x', description: 'X.', input, run: () => '' })
const withPart = (part: object, more: object = {}) =>
  define({ type: 'object', properties: { a: { type: 'array', items: part } }, ...more } as InputSchema)

describe('a schema that could only fail at each call is refused when the tool is defined:', () => {
  test.each<[string, object, object, RegExp]>([
    ['a $ref to itself', { $ref: '#/$defs/a' }, { $defs: { a: { $ref: '#/$defs/a' } } }, /leads back to itself/],
    [
      'a circle of $refs',
      { $ref: '#/$defs/a' },
      { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { allOf: [{ type: 'object', $ref: '#/$defs/a' }] } } },
      /leads back to itself/,
    ],
    ['a circle that nothing uses yet', {}, { $defs: { a: { $ref: '#/$defs/a' } } }, /leads back to itself/],
    ['a $ref to nowhere', { $ref: '#/$defs/none' }, {}, /#\/\$defs\/none leads nowhere/],
    ['a $ref to another place', { $ref: 'https://example.com/schema' }, {}, /leads nowhere/],
    ['a % in a $ref', { $ref: '#/$defs/100%' }, { $defs: { '100%': {} } }, /URI malformed/],
    ['a pattern that is none', { pattern: '(' }, {}, /Unterminated group/],
    ['a pattern that Unicode does not take', { type: 'string', pattern: '\\_' }, {}, /Invalid escape/],
    ['a pattern in a form of a union', { anyOf: [{ type: 'string', pattern: '[' }] }, {}, /Unterminated/],
  ])('%s', (_, part, more, why) => {
    expect(withPart(part, more)).toThrow(ConfigError)
    expect(withPart(part, more)).toThrow(/^The JSON Schema of tool "x" can check nothing: /)
    expect(withPart(part, more)).toThrow(why)
  })

  test.each<[string, object, object?]>([
    ['a tree', { $ref: '#' }],
    ['a list that holds itself', { $ref: '#/$defs/a' }, { $defs: { a: { items: { $ref: '#/$defs/a' } } } }],
    ['a name that has to be encoded', { $ref: '#/$defs/100%25' }, { $defs: { '100%': {} } }],
    [
      'data that looks like a schema',
      { const: { pattern: '(' }, default: { $ref: 'x' }, examples: [{ pattern: '[' }] },
    ],
    ['properties with the names of keywords', { properties: { pattern: {}, $ref: { type: 'string' }, type: {} } }],
    ['one of two types', { $ref: '#/$defs/a', type: 'string' }, { $defs: { a: { type: ['string', 'null'] } } }],
  ])('but not %s', (_, part, more) => {
    expect(withPart(part, more)).not.toThrow()
  })

  test('nor what a library checks itself', () => {
    const tree = z.object({
      get children() {
        return z.array(tree)
      },
    })
    expect(define(tree)).not.toThrow()
  })
})
