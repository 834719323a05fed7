import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toStrictSchema } from '../index.ts'

describe('a strict schema', () => {
  it('is closed, all the way down', () => {
    const point = { type: 'object', properties: { x: { type: 'number' } } }
    const given = {
      type: 'object',
      properties: { from: point, all: { type: 'array', items: point } },
      required: ['from'],
    }
    const closed = { ...point, additionalProperties: false }
    expect(toStrictSchema(given)).toEqual({
      type: 'object',
      properties: { from: closed, all: { type: 'array', items: closed } },
      required: ['from'],
      additionalProperties: false,
    })
  })

  it.each([
    [
      { type: 'integer', minimum: 1, maximum: 5 },
      { type: 'integer', description: '(minimum: 1, maximum: 5)' },
    ],
    [
      { type: 'string', pattern: '^a', description: 'A word.' },
      { type: 'string', description: 'A word. (pattern: "^a")' },
    ],
    [
      { type: 'string', format: 'email' },
      { type: 'string', format: 'email' },
    ],
    [
      { type: 'string', format: 'color' },
      { type: 'string', description: '(format: "color")' },
    ],
    [
      { type: 'array', minItems: 1 },
      { type: 'array', minItems: 1 },
    ],
    [
      { type: 'array', minItems: 2 },
      { type: 'array', description: '(minItems: 2)' },
    ],
    [
      { type: 'array', items: [{ type: 'string' }] },
      { type: 'array', description: '(items: [{"type":"string"}])' },
    ],
    [
      { type: 'string', enum: ['a', 'b'] },
      { type: 'string', enum: ['a', 'b'] },
    ],
    [{ enum: [{ a: 1 }] }, { description: '(enum: [{"a":1}])' }],
    [{ const: null }, { const: null }],
    [
      { oneOf: [{ type: 'null' }, { type: 'string', minLength: 1 }] },
      { anyOf: [{ type: 'null' }, { type: 'string', description: '(minLength: 1)' }] },
    ],
    [
      { $ref: '#/$defs/a', $defs: { a: { type: 'object' } } },
      { $ref: '#/$defs/a', $defs: { a: { type: 'object', additionalProperties: false } } },
    ],
    [
      { $ref: '#/definitions/P', definitions: { P: { type: 'object' } } },
      { $ref: '#/definitions/P', definitions: { P: { type: 'object', additionalProperties: false } } },
    ],
    [{ type: ['object', 'null'] }, { type: ['object', 'null'], additionalProperties: false }],
    [{ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'string' }, { type: 'string' }],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      { type: 'object', additionalProperties: false, description: '(additionalProperties: {"type":"string"})' },
    ],
  ])('of %o', (given, strict) => {
    const before = JSON.stringify(given)
    expect(toStrictSchema(given)).toEqual(strict)
    expect(JSON.stringify(given)).toBe(before)
  })

  it('enforces what the official client has enforced, whatever the schema', () => {
    const leaf = fc.oneof(
      fc.record({ type: fc.constantFrom('string'), format: fc.constantFrom('email', 'color'), minLength: fc.nat() }),
      fc.record({ type: fc.constantFrom('integer', 'number'), maximum: fc.nat() }),
      fc.record({ type: fc.constantFrom('boolean', 'null'), title: fc.string() }),
    )
    const { schema } = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
        fc.record({
          type: fc.constant('object'),
          properties: fc.dictionary(fc.constantFrom('a', 'b', '__proto__x'), tie('schema')),
          required: fc.constant(['a']),
        }),
        fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      ) as fc.Arbitrary<Record<string, unknown>>,
    }))
    // Only the words for what is not enforced are our own.
    const enforced = (strict: unknown) =>
      JSON.parse(JSON.stringify(strict, (key, value) => (key === 'description' ? undefined : value)))
    fc.assert(
      fc.property(schema, (given) => {
        expect(enforced(toStrictSchema(given))).toEqual(enforced(transformJSONSchema(given as never)))
      }),
      { numRuns: 1_000 },
    )
  })
})
