import { describe, expect, it } from 'vitest'
import { toInputSchema } from './tool-schema.ts'

const type = 'object'
const nested = (depth: number): object => (depth ? { type, properties: { a: nested(depth - 1) } } : {})

describe('the schema of an input', () => {
  it.each<readonly [how: string, given: object, schema?: object]>([
    ['without its dialect', { $schema: 'x', type }, { type }],
    ['with a type, if it has none', { properties: {} }, { type, properties: {} }],
    ['with schemas that are true and false', { type, properties: { a: true, b: false } }],
    ['that refers to itself', { type, properties: { a: { $ref: '#' } } }],
    ['with an escaped backslash before what looks like half a character', { type, title: '\\ud800' }],
    ['nested 50 deep', nested(50)],
  ])('is taken %s', (_, given, schema = given) => {
    expect(toInputSchema(given)).toEqual({ schema, hint: '' })
  })

  it('has its unions told in words', () => {
    const { schema, hint } = toInputSchema({ type, anyOf: [{ required: ['a'] }], allOf: [{}] })
    expect(schema).toEqual({ type })
    expect(hint).toBe('\nThe input must also fit: {"anyOf":[{"required":["a"]}],"allOf":[{}]}')
  })

  it.each([
    ['nothing', undefined, 'not one of an object'],
    ['null', null, 'not one of an object'],
    ['a list', [], 'not one of an object'],
    ['a reference', { $ref: '#/$defs/a' }, 'not one of an object'],
    ['one of two types', { type: ['object', 'null'] }, 'not one of an object'],
    ['nested 51 deep', nested(51), 'is nested too deeply'],
    ['100,001 characters', { type, title: 'x'.repeat(100_000 - 27) }, 'has 100001 characters; 100000 are the most'],
    ['half a character', { type, title: '\ud800' }, 'holds half a character'],
    [
      'a property with a long name',
      { type, properties: { ['x'.repeat(65)]: {} } },
      'a property that the API does not take',
    ],
    [
      'a negative length',
      { type, properties: { a: { maxLength: -1 } } },
      'input.properties.maxLength is not a whole number',
    ],
    ['an enum that is no list', { type, properties: { a: { enum: 'b' } } }, 'input.properties.enum is not a list'],
    ['required without names', { type, required: [1] }, 'input.required is not a list of strings'],
    [
      'an empty union inside',
      { type, properties: { a: { anyOf: [] } } },
      'input.properties.anyOf is not a list of schemas',
    ],
    ['a definition that is none', { type, $defs: { a: 'b' } }, 'input.$defs is not a schema'],
    ['items that are no schema', { type, properties: { a: { items: 1 } } }, 'input.properties.items is not a schema'],
    ['a minimum that is no number', { type, properties: { a: { minimum: '1' } } }, 'minimum is not a number'],
    ['a pattern that is no string', { type, properties: { a: { pattern: /a/ } } }, 'pattern is not a string'],
  ])('is refused as %s', (_, given, message) => {
    expect(() => toInputSchema(given)).toThrow(message)
  })
})
