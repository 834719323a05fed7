import type { JSONValue } from '@enjamb/core'

type Schema = Record<string, unknown>

/** A schema may ask for more than a sample should be: lists within lists above all. */
const longest = 1000
const deepest = 20
const most = 10_000

/**
 * The simplest value that fits a JSON Schema: required properties only, first choices, least numbers.
 * What is no schema counts as one of a text; references are not followed.
 */
export function sampleOf(schema: unknown, depth = 0, left: { values: number } = { values: most }): JSONValue {
  if (!isSchema(schema) || depth > deepest || left.values-- <= 0) return 'text'
  if ('const' in schema) return schema.const as JSONValue
  if ('default' in schema) return schema.default as JSONValue
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as JSONValue
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices) && choices.length > 0) return sampleOf(choices[0], depth + 1, left)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return 'text'.padEnd(bounded(schema.minLength, 0, longest), '.')
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: bounded(schema.minItems, 1, depth < 2 ? longest / 10 : 1) }, () =>
        sampleOf(schema.items, depth + 1, left),
      )
    case 'null':
      return null
    default:
      return sampleObject(schema, depth, left)
  }
}

function sampleObject({ properties, required }: Schema, depth: number, left: { values: number }): JSONValue {
  const known = isSchema(properties) ? properties : {}
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
  return Object.fromEntries(
    names.map((name) => [name, sampleOf(Object.hasOwn(known, name) ? known[name] : undefined, depth + 1, left)]),
  )
}

function bounded(count: unknown, otherwise: number, most: number): number {
  return typeof count === 'number' ? Math.min(Math.max(0, Math.ceil(count)), most) : otherwise
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
