import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toInputSchema } from './tool-schema.ts'

const type = 'object'
const nested = (depth: number): object => (depth ? { type, properties: { a: nested(depth - 1) } } : {})
const options = { strict: false, validateFormats: false, logger: false } as const
// Making one takes longer than all that it does here.
const ajv = new Ajv2020(options)
const draft7 = new Ajv({ ...options, validateSchema: false })

/** What the meta-schema and an implementation that is not ours find wrong, references and patterns too. */
function faultOf(schema: object): string | undefined {
  try {
    ajv.compile(schema)
    return undefined
  } catch (error) {
    return String(error)
  } finally {
    ajv.removeSchema(schema)
  }
}

/** As a server sends it. */
const taken = (given: unknown) => toInputSchema(given && JSON.parse(JSON.stringify(given)))

describe('the schema of an input', () => {
  it.each<readonly [how: string, given: object, schema?: object]>([
    ['without its dialect', { $schema: 'x', type }, { type }],
    ['with a type, if it has none', { properties: {} }, { type, properties: {} }],
    ['with schemas that are true and false', { type, properties: { a: true, b: false } }],
    ['that refers to itself', { type, properties: { a: { $ref: '#' } } }],
    ['with an escaped backslash before what looks like half a character', { type, title: '\\ud800' }],
    ['nested 50 deep', nested(50)],
    ['of which a program says more', { type, properties: { a: { type: 'string', 'x-order': 1, enumNames: ['b'] } } }],
    ['without definitions that nothing uses, whatever they are', { type, $defs: { a: 'b' } }, { type }],
    ['as one of an object, if it may be null', { type: ['object', 'null'] }, { type }],
  ])('is taken %s', (_, given, schema = given) => {
    expect(taken(given)).toEqual({ schema, hint: '' })
    expect(faultOf(Object(schema))).toBeUndefined()
  })

  it.each([undefined, null, true, []])('takes any object where a server gives %j', (given) => {
    expect(toInputSchema(given)).toEqual({ schema: { type }, hint: '' })
  })

  it('has its unions told in words', () => {
    const { schema, hint } = taken({ type, anyOf: [{ required: ['a'] }], allOf: [{}] })
    expect(schema).toEqual({ type })
    expect(hint).toBe('\nThe input must also fit: {"anyOf":[{"required":["a"]}],"allOf":[{}]}')
  })

  it('keeps what only its unions refer to, where the words can find it', () => {
    const $defs = { a: { required: ['x'] }, b: { $ref: '#/oneOf/0' } }
    const { schema, hint } = taken({ oneOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }], $defs })
    expect(schema).toEqual({ type, $defs: { a: $defs.a, b: { $ref: '#/$defs/0' }, 0: { $ref: '#/$defs/a' } } })
    expect(hint).toContain('{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}]}')
    expect(faultOf(schema)).toBeUndefined()
  })

  it.each([
    ['a string', 'object', 'not one of an object'],
    ['false', false, 'not one of an object'],
    ['one of a string', { type: 'string' }, 'not one of an object'],
    ['a reference to a string', { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, 'not one of an object'],
    ['a reference to itself', { $ref: '#' }, 'does not lead to an object'],
    ['nested 51 deep', nested(51), 'is nested too deeply'],
    ['100,001 characters', { type, title: 'x'.repeat(100_000 - 27) }, 'has 100001 characters; 100000 are the most'],
    ['half a character', { type, title: '\ud800' }, 'holds half a character'],
    [
      'a property with a long name',
      { type, properties: { ['x'.repeat(65)]: {} } },
      'a property that the API does not take',
    ],
    ['a longest length below 0', { type, properties: { a: { maxLength: -1 } } }, 'a.maxLength is not a whole number'],
    ['an enum that is no list', { type, properties: { a: { enum: { b: 1 } } } }, 'a.enum is not a list'],
    ['required without names', { type, required: [1] }, 'input.required is not a list of strings'],
    ['an empty union inside', { type, properties: { a: { anyOf: [] } } }, 'a.anyOf is not a list of schemas'],
    [
      'a definition that is none',
      { type, properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: 'b' } },
      '$defs.a is not',
    ],
    ['items that are no schema', { type, properties: { a: { items: 1 } } }, 'input.properties.a.items is not a schema'],
    ['a minimum that is no number', { type, properties: { a: { minimum: 'one' } } }, 'minimum is not a number'],
    ['a type that there is not', { type, properties: { a: { type: 'file' } } }, 'a.type is not one of array, boolean'],
    ['a reference that leads nowhere', { type, properties: { a: { $ref: '#/$defs/a' } } }, '"#/$defs/a" leads nowhere'],
    ['a reference to elsewhere', { type, properties: { a: { $ref: 'https://x.test/y.json' } } }, 'leads nowhere'],
    ['a reference that is none', { type, properties: { a: { $ref: 3 } } }, 'a reference is not a string'],
    [
      'references in a circle',
      { type, properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } },
      'refers to itself without end',
    ],
    ['a pattern of names that is none', { type, patternProperties: { '[': {} } }, 'has a pattern that is none: "["'],
  ])('is refused as %s', (_, given, message) => {
    expect(() => taken(given)).toThrow(message)
  })
})

describe('a part of a schema that JSON Schema 2020-12 refuses', () => {
  const part = (given: unknown, rest: object = {}) => {
    const { schema } = taken({ type, properties: { a: given }, ...rest })
    expect(faultOf(schema)).toBeUndefined()
    return (schema.properties as { a: object }).a
  }

  it.each<readonly [what: string, given: unknown, mended: unknown]>([
    ['a tuple', { items: [{ type: 'string' }, {}] }, { prefixItems: [{ type: 'string' }, {}] }],
    ['a closed tuple', { items: [{}], additionalItems: false }, { prefixItems: [{}], items: false }],
    ['a tuple of nothing', { type: 'array', items: [] }, { type: 'array' }],
    ['an exclusive minimum that says yes', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    ['an exclusive maximum that says no', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
    ['one example', { examples: 'x' }, { examples: ['x'] }],
    ['names twice', { required: ['b', 'b'] }, { required: ['b'] }],
    ['one name', { required: 'b' }, { required: ['b'] }],
    ['types twice', { type: ['string', 'string', 'null'] }, { type: ['string', 'null'] }],
    ['any type', { type: 'any' }, {}],
    ['a type of another language', { type: ['String', 'int'] }, { type: ['string', 'integer'] }],
    ['a number in quotes', { minimum: '1', maxLength: '3' }, { minimum: 1, maxLength: 3 }],
    ['a length that any has', { minLength: -1 }, {}],
    [
      'true in quotes',
      { uniqueItems: 'true', additionalProperties: 'false' },
      { uniqueItems: true, additionalProperties: false },
    ],
    ['a description that is a number', { description: 3 }, { description: '3' }],
    [
      'what is not there, as null',
      { description: null, required: null, enum: null, items: null, default: null },
      { default: null },
    ],
    [
      'objects of a language without empty ones',
      { properties: [], additionalProperties: [] },
      { properties: {}, additionalProperties: {} },
    ],
    ['no schema', null, {}],
    ['one value', { enum: 'b' }, { enum: ['b'] }],
    ['values of which there is none', { enum: [] }, { not: {} }],
    ['a pattern of another dialect', { description: 'B.', pattern: '(?i)^b' }, { description: 'B. (Pattern: (?i)^b)' }],
    [
      'dependencies',
      { dependencies: { b: ['c', 'c'], d: { minProperties: 2 } } },
      { dependentRequired: { b: ['c'] }, dependentSchemas: { d: { minProperties: 2 } } },
    ],
    ['what may be null in OpenAPI', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['all of nothing', { allOf: [] }, {}],
    ['an anchor that is true', { $recursiveAnchor: true, type: 'string' }, { type: 'string' }],
    [
      'an odd comment',
      { $comment: 3, $vocabulary: [], $id: 4, $schema: 'http://json-schema.org/draft-07/schema#' },
      {},
    ],
    ['a schema in what a program says', { 'x-more': { $ref: '#/nowhere' } }, {}],
  ])('is put right where it is %s', (_, given, mended) => {
    expect(part(given)).toEqual(mended)
    expect(
      part({ $ref: '#/definitions/P' }, { definitions: { P: { title: 'in a definition', ...Object(given) } } }),
    ).toEqual({
      $ref: '#/$defs/P',
    })
  })

  it('is put right where a property says itself that it is required', () => {
    const { schema } = taken({ type, properties: { a: { type: 'string', required: true }, b: { required: false } } })
    expect(schema).toEqual({ type, properties: { a: { type: 'string' }, b: {} }, required: ['a'] })
  })

  it.each([
    ['of the older drafts', { definitions: { P: { type: 'string' } } }, '#/definitions/P'],
    ['of OpenAPI', { components: { schemas: { P: { type: 'string' } } } }, '#/components/schemas/P'],
    ['by its anchor', { $defs: { x: { $anchor: 'P', type: 'string' } } }, '#P'],
    ['by the anchor of an older draft', { $defs: { x: { $id: '#P', type: 'string' } } }, '#P'],
    ['by its address', { $defs: { x: { $id: 'https://x.test/P', type: 'string' } } }, 'https://x.test/P'],
    [
      'by an address that is relative to another',
      { $id: 'https://x.test/y', $defs: { P: { $id: 'P', type: 'string' } } },
      'P',
    ],
    [
      'by the whole address',
      { $id: 'https://x.test/y', $defs: { P: { type: 'string' } } },
      'https://x.test/y#/$defs/P',
    ],
    ['with an odd name', { $defs: { 'P/~ %': { type: 'string' } } }, '#/$defs/P~1~0 %25'],
    ['whose percent sign is not escaped', { $defs: { '50%': { type: 'string' } } }, '#/$defs/50%'],
    ['in another property', { properties: { a: {}, b: { items: [{ type: 'string' }] } } }, '#/properties/b/items/0'],
  ])('may be referred to %s', (_, rest, $ref) => {
    const given = { type, ...rest, properties: { ...('properties' in rest && rest.properties), a: { $ref } } }
    const { schema } = taken(given)
    const validate = ajv.compile(schema)
    expect([validate({ a: 'text' }), validate({ a: 1 })]).toEqual([true, false])
    expect(JSON.stringify(schema)).not.toMatch(/\$id|\$anchor|definitions/)
  })
})

describe('a reference at the top of a schema', () => {
  const P = { type, properties: { a: { type: 'string' }, next: { $ref: '#/definitions/P' } }, required: ['a'] }

  it('is followed', () => {
    const { schema, hint } = taken({
      $ref: '#/definitions/P',
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { P },
    })
    expect(hint).toBe('')
    expect(schema).toMatchObject({ type, properties: { a: { type: 'string' } }, required: ['a'] })
    const validate = ajv.compile(schema)
    expect([{ a: 'x', next: { a: 'y' } }, { a: 'x', next: {} }, {}].map((value) => validate(value))).toEqual([
      true,
      false,
      false,
    ])
  })

  it('is followed where others stand beside it, and where it leads to another', () => {
    const beside = { type, title: 'Both', properties: { b: { type: 'number' } }, required: ['b'] }
    const { schema, hint } = taken({
      $ref: '#/$defs/Q',
      ...beside,
      $defs: { Q: { $ref: '#/$defs/R' }, R: { properties: { a: {} }, required: ['a'] } },
    })
    expect(hint).toBe('')
    expect(schema).toEqual({ type, title: 'Both', properties: { a: {}, b: { type: 'number' } }, required: ['a', 'b'] })
  })

  it('is told in words where both speak of the same', () => {
    const { schema, hint } = taken({ $ref: '#/$defs/Q', minProperties: 1, $defs: { Q: { minProperties: 2 } } })
    expect(schema).toEqual({ type, minProperties: 1 })
    expect(hint).toContain('{"allOf":[{"minProperties":2}]}')
  })
})

describe('whatever a server gives as a schema', () => {
  const keywords = [
    ...[
      '$ref',
      '$id',
      '$anchor',
      '$dynamicRef',
      '$recursiveRef',
      '$recursiveAnchor',
      '$defs',
      'definitions',
      '$comment',
      '$vocabulary',
    ],
    ...[
      'type',
      'enum',
      'const',
      'required',
      'properties',
      'patternProperties',
      'additionalProperties',
      'propertyNames',
    ],
    ...[
      'items',
      'additionalItems',
      'prefixItems',
      'contains',
      'unevaluatedItems',
      'unevaluatedProperties',
      'uniqueItems',
    ],
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxItems', 'pattern'],
    ...['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'dependencies', 'dependentRequired', 'dependentSchemas'],
    ...[
      'title',
      'description',
      'default',
      'examples',
      'deprecated',
      'readOnly',
      'format',
      'contentSchema',
      'nullable',
      'x-more',
    ],
  ]
  const words = fc.constantFrom(
    'object',
    'string',
    'any',
    'a',
    'P',
    '[',
    '^a',
    '#',
    '#/definitions/a',
    '#/$defs/a',
    '#/properties/a',
    '#a',
    '1',
  )
  const keys = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...keywords) },
    { weight: 1, arbitrary: fc.constantFrom('a', 'b') },
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      words,
      fc.constantFrom(null, true, false, 0, -1, 1.5),
      fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }))
  const schemas = fc.dictionary(keys, value, { maxKeys: 5 })

  it('is offered as the meta-schema takes it, or not at all', () => {
    let offered = 0
    const check = (given: object) => {
      let schema: object
      try {
        schema = taken({ ...given, type }).schema
      } catch (error) {
        expect(String(error)).toMatch(/input/)
        return
      }
      offered++
      expect(faultOf(schema)).toBeUndefined()
    }
    fc.assert(fc.property(schemas, check), { numRuns: 3_000, seed: 7 })
    expect(offered).toBeGreaterThan(300)
  })

  it('means what it means in draft-07, where it is of that', () => {
    const scalar = fc.constantFrom<object | boolean>(
      { type: 'string' },
      { type: 'number', minimum: 1 },
      { const: null },
      true,
      false,
    )
    const tuple = fc.record(
      { items: fc.array(scalar, { minLength: 1, maxLength: 2 }), additionalItems: scalar },
      { requiredKeys: ['items'] },
    )
    const dependent = fc.record({
      dependencies: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(['a'], ['b'], { required: ['b'] }, false)),
    })
    const inputs = fc.oneof(
      fc.array(fc.constantFrom('x', 0, 1, null), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 1)),
    )
    fc.assert(
      fc.property(fc.oneof(tuple, dependent), fc.array(inputs, { maxLength: 8 }), (definition, values) => {
        const given = { type, properties: { p: { $ref: '#/definitions/D' } }, definitions: { D: definition } }
        const old = draft7.compile(given)
        const now = ajv.compile(taken(given).schema)
        for (const p of values) expect([p, now({ p })]).toEqual([p, old({ p })])
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})
