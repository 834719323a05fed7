import type { JSONValue } from '@enjamb/core'

interface Schema {
  [keyword: string]: unknown
}

/** The simplest value that fits a JSON Schema: required properties only, first choices, least numbers. */
export function sampleOf(schema: Schema): JSONValue {
  if ('const' in schema) return schema.const as JSONValue
  if ('default' in schema) return schema.default as JSONValue
  if (Array.isArray(schema.enum)) return schema.enum[0] as JSONValue
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) return sampleOf(choices[0] as Schema)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return 'text'.padEnd(Number(schema.minLength ?? 0), '.')
    case 'integer':
    case 'number':
      return Number(schema.minimum ?? 1)
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 1) }, () => sampleOf((schema.items ?? {}) as Schema))
    case 'null':
      return null
    default:
      return sampleObject(schema)
  }
}

function sampleObject({ properties, required }: Schema): JSONValue {
  const known = (properties ?? {}) as Record<string, Schema>
  const names = Array.isArray(required) ? (required as string[]) : []
  return Object.fromEntries(names.map((name) => [name, sampleOf(known[name] ?? { type: 'string' })]))
}
