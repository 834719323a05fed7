import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sampleOf } from './sample-of.ts'

it.each([
  [{ type: 'string', minLength: 6 }, 'text..'],
  [{ type: ['integer', 'null'], minimum: 3 }, 3],
  [{ type: 'array', minItems: 2, items: { const: 1 } }, [1, 1]],
  [{ oneOf: [{ type: 'null' }, { type: 'string' }] }, null],
  [
    { type: 'object', properties: { a: { default: 5 } }, required: ['a', 'b'] },
    { a: 5, b: 'text' },
  ],
  [{ enum: [] }, {}],
])('of %j is %j', (schema, expected) => {
  expect(sampleOf(schema)).toEqual(expected)
})

it('is some value of JSON, whatever the schema', () => {
  const key = fc.constantFrom('type', 'items', 'properties', 'required', 'enum', 'anyOf', 'minItems', 'minLength')
  const values = [fc.constantFrom('array', 'object', 'string'), fc.integer(), fc.constant(null)]
  const schema = fc.object({ key, values, maxDepth: 4, maxKeys: 4 })
  fc.assert(
    fc.property(schema, (any) => {
      expect(JSON.stringify(sampleOf(any))).toBeDefined()
    }),
  )
})

it('stays small where lists hold large objects', () => {
  const properties = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`p${n}`, { type: 'integer' }]))
  const items = { type: 'object', properties, required: Object.keys(properties) }
  const schema = { type: 'array', minItems: 1e9, items: { type: 'array', minItems: 1e9, items } }
  expect(JSON.stringify(sampleOf(schema)).length).toBeLessThan(2e7)
})

it('stays small where lists hold lists', () => {
  let schema: object = { type: 'string', minLength: 1e9 }
  for (let depth = 0; depth < 30; depth++) schema = { type: 'array', minItems: 1e9, items: schema }
  expect(JSON.stringify(sampleOf(schema)).length).toBeLessThan(2e6)
})
