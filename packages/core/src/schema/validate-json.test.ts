import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { JSONSchema } from './json-schema.ts'
import { validateJSON } from './validate-json.ts'

const issues = (schema: JSONSchema, value: unknown) =>
  validateJSON(schema, value).map(({ path, message }) => `${path.join('.')}: ${message}`)

describe('validateJSON', () => {
  test.each<[JSONSchema, unknown, string[]]>([
    [{ type: 'string' }, 1, [': must be string, not number']],
    [{ type: 'integer' }, 1.5, [': must be integer, not number']],
    [{ type: 'integer' }, 2, []],
    [{ type: ['string', 'null'] }, null, []],
    [{ type: 'string', nullable: true }, null, []],
    [{ type: 'object' }, [], [': must be object, not array']],
    [{ enum: ['a', { b: 1 }] }, { b: 1 }, []],
    [{ enum: ['a', 1] }, 'b', [': must be "a" or 1']],
    [{ const: 'x' }, 'y', [': must be "x"']],
    [{ const: null }, null, []],
    [{ minimum: 2, maximum: 3 }, 1, [': breaks minimum 2']],
    [{ minimum: 0 }, -1, [': breaks minimum 0']],
    [{ exclusiveMinimum: 2 }, 2, [': breaks exclusiveMinimum 2']],
    [{ exclusiveMaximum: 2 }, 2, [': breaks exclusiveMaximum 2']],
    [{ minLength: 2 }, 'é', [': breaks minLength 2']],
    [{ maxLength: 1 }, '😀', []],
    [{ pattern: '^a+$' }, 'b', [': breaks pattern ^a+$']],
    [{ maxItems: 1 }, [1, 2], [': breaks maxItems 1']],
    [{ minItems: 1 }, [], [': breaks minItems 1']],
    [{ minimum: 2, maximum: 2 }, 2, []],
    [{ maximum: 0 }, 1, [': breaks maximum 0']],
    [{ exclusiveMinimum: 1, exclusiveMaximum: 3 }, 2, []],
    [{ minLength: 1, maxLength: 1 }, 'a', []],
    [{ minLength: 2 }, '😀', [': breaks minLength 2']],
    [{ minItems: 1, maxItems: 1 }, [1], []],
    [{ pattern: '^\\p{L}$' }, 'é', []],
    [{ type: 'string' }, null, [': must be string, not null']],
    [{ const: false }, true, [': must be false']],
    [{ enum: [] }, 'a', [': must be nothing']],
    [{ enum: null, allOf: null, required: null }, {}, []],
    [{ additionalProperties: false, required: ['a'] }, [1], []],
    [{ items: false, prefixItems: [{ type: 'string' }] }, { 0: 1 }, []],
    [
      { properties: { a: { type: 'string' } }, additionalProperties: false },
      { toString: 1 },
      ['toString: is not allowed'],
    ],
    [{ anyOf: [{ minimum: 1 }, { minimum: 2 }] }, 3, []],
    [{ anyOf: [] }, 3, []],
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      3,
      [': fits 0 of 2 allowed forms', ': must be string, not number'],
    ],
    [{ items: { type: 'number' } }, [1, 'a'], ['1: must be number, not string']],
    [
      { prefixItems: [{ type: 'string' }], items: { type: 'number' } },
      ['a', 1, 'b'],
      ['2: must be number, not string'],
    ],
    [{ prefixItems: [{ type: 'string' }, { type: 'number' }], items: false }, ['a'], []],
    [
      { prefixItems: [{ type: 'string' }], items: false },
      [1, 'b'],
      ['0: must be string, not number', '1: is not allowed'],
    ],
    [{ required: ['a'] }, {}, ['a: is missing']],
    [{ required: ['toString'] }, {}, ['toString: is missing']],
    [{ properties: { a: { type: 'string' } } }, { a: 1, b: 2 }, ['a: must be string, not number']],
    [{ properties: { a: {} }, additionalProperties: false }, { a: 1, b: 2 }, ['b: is not allowed']],
    [{ additionalProperties: { type: 'number' } }, { a: 'x' }, ['a: must be number, not string']],
    [{ patternProperties: { '^x-': {} }, additionalProperties: false }, { 'x-a': 1 }, []],
    [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, 3, [': breaks maximum 2']],
    [{ anyOf: [{ type: 'string' }, { minimum: 1 }] }, 2, []],
    [{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3, [': fits 2 of 2 allowed forms']],
    [{ $defs: { n: { type: 'number' } }, items: { $ref: '#/$defs/n' } }, ['x'], ['0: must be number, not string']],
    [{ $ref: '#/nowhere' }, 1, [': is not allowed']],
    [{ $ref: '#/toString' }, 1, [': is not allowed']],
    [{ $ref: 'other#/$defs/n', $defs: { n: {} } }, 1, [': is not allowed']],
    [
      { $defs: { 'List<a/b>': { type: 'string' } }, $ref: '#/$defs/List%3Ca~1b%3E' },
      1,
      [': must be string, not number'],
    ],
    [{ $defs: { 'x~1': { type: 'string' } }, $ref: '#/$defs/x~01' }, 1, [': must be string, not number']],
    [{ $ref: 'https://example.com/schema' }, 1, [': is not allowed']],
    [{ format: 'email', title: 'x' }, 'not an email', []],
    [{ enum: [{ a: 1, b: [{ c: 2, d: 3 }] }] }, { b: [{ d: 3, c: 2 }], a: 1 }, []],
    [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }, []],
    [{ const: [1, 2] }, [2, 1], [': must be [1,2]']],
    [{ const: { a: 1 } }, { a: 1, b: 2 }, [': must be {"a":1}']],
    [{ minimum: 5, exclusiveMinimum: true }, 6, []],
    [{ minimum: 0, exclusiveMinimum: false, exclusiveMaximum: true }, 0.5, []],
    [{ minimum: 5, exclusiveMinimum: true }, 4, [': breaks minimum 5']],
    [{ items: [{ type: 'string' }, { type: 'number' }] }, ['a', 1, true], []],
    [{ items: [{ type: 'string' }, { type: 'number' }] }, [1, 1], ['0: must be string, not number']],
    [{ items: [{ type: 'string' }], additionalItems: false }, ['a', 1], ['1: is not allowed']],
    [{ items: [{}], additionalItems: { type: 'number' } }, ['a', 'b'], ['1: must be number, not string']],
    [{ oneOf: [{ format: 'date' }, { format: 'email' }] }, 'a@b.c', []],
    [{ oneOf: [{ type: 'string', not: { const: 'a' } }, { const: 'a' }] }, 'a', []],
    [{ oneOf: [{ multipleOf: 3 }, { multipleOf: 5 }] }, 9, []],
    [{ oneOf: [{ required: ['a'] }, { dependentRequired: { b: ['c'] } }] }, { a: 1, b: 1 }, []],
    [{ oneOf: [{ items: { uniqueItems: true } }, { type: 'array' }] }, [[1, 1]], []],
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 3, [': fits 2 of 2 allowed forms']],
    [{ oneOf: [{ title: 'notes' }, { description: 'if' }] }, 3, [': fits 2 of 2 allowed forms']],
  ])('of %j and %j finds %j', (schema, value, expected) => {
    expect(issues(schema, value)).toEqual(expected)
  })

  test('follows a schema that refers to itself', () => {
    const tree: JSONSchema = {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#' } } },
      additionalProperties: false,
    }
    expect(issues(tree, { children: [{ children: [] }, { child: 1 }] })).toEqual(['children.1.child: is not allowed'])
  })

  test('says of a union what is wrong with the form that was most likely meant', () => {
    const form = (kind: string, key: string) => ({
      type: 'object',
      properties: { kind: { const: kind }, [key]: { type: 'string' } },
      required: ['kind', key],
    })
    expect(issues({ anyOf: [form('a', 'x'), form('b', 'y')] }, { kind: 'b', y: 1 })).toEqual([
      ': fits 0 of 2 allowed forms',
      'y: must be string, not number',
    ])
  })

  test('is not led astray by names from a prototype', () => {
    const value = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 1 }')
    expect(issues({ properties: { a: { type: 'string' } }, additionalProperties: false }, value)).toEqual([
      '__proto__: is not allowed',
      'constructor: is not allowed',
    ])
  })

  test('agrees with zod on any value', () => {
    const node = z.object({
      name: z.string().min(2).max(4),
      count: z.int().min(-5).lt(20).optional(),
      kind: z.enum(['a', 'b']).nullable(),
      tags: z.array(z.union([z.string(), z.boolean()])).max(3),
      more: z.record(z.string(), z.number()).optional(),
      get next() {
        return node.optional()
      },
    })
    const strict = z.strictObject({ node, pair: z.literal(7).or(z.literal('seven')) })
    const schema = strict['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
    const leaf = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.integer({ min: -9, max: 25 }),
      fc.boolean(),
      fc.constant(null),
    )
    const mostly = (good: fc.Arbitrary<unknown>) =>
      fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: leaf })
    const value = fc.record(
      {
        name: mostly(fc.string({ minLength: 2, maxLength: 4 })),
        count: mostly(fc.integer({ min: -6, max: 20 })),
        kind: mostly(fc.constantFrom('a', 'b', null)),
        tags: mostly(fc.array(mostly(fc.oneof(fc.string(), fc.boolean())), { maxLength: 4 })),
        more: mostly(fc.dictionary(fc.string({ maxLength: 3 }), mostly(fc.integer()), { noNullPrototype: true })),
      },
      { requiredKeys: ['name', 'kind', 'tags'], noNullPrototype: true },
    )
    const nested = fc.tuple(value, fc.option(value, { nil: undefined })).map(([a, b]) => (b ? { ...a, next: b } : a))
    const input = fc.record({ node: nested, pair: mostly(fc.constantFrom(7, 'seven')) })
    let valid = 0
    fc.assert(
      fc.property(input, (given) => {
        const { success } = strict.safeParse(given)
        valid += Number(success)
        expect(validateJSON(schema, given).length === 0).toBe(success)
      }),
      { numRuns: 1000 },
    )
    expect(valid).toBeGreaterThan(50)
  })
})
