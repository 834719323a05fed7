type Schema = Record<string, unknown>

/** Keywords whose value is a schema, a list of them, or a table of them. */
const single = ['additionalProperties', 'contains', 'else', 'if', 'not', 'propertyNames', 'then', 'items']
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const tables = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']

const bounds = ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf']

/** Why a schema is none of draft 2020-12: a keyword with another draft's value, or a reference to nothing. */
export function findSchemaFault(root: object): string | undefined {
  const left: unknown[] = [root]
  for (let schema = left.pop(); schema !== undefined; schema = left.pop()) {
    if (typeof schema === 'boolean') continue
    if (!isObject(schema)) return 'a schema that is neither an object nor a boolean'
    const fault = faultOf(schema, root)
    if (fault) return fault
    left.push(...subschemas(schema))
  }
  return undefined
}

/** The schemas within one. */
export function subschemas(schema: Schema): unknown[] {
  return [
    ...single.flatMap((key) => (schema[key] === undefined ? [] : [schema[key]])),
    ...lists.flatMap((key) => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : [])),
    ...tables.flatMap((key) => (isObject(schema[key]) ? Object.values(schema[key]) : [])),
  ]
}

function faultOf(schema: Schema, root: object): string | undefined {
  const { $ref, enum: choices, examples, items, required } = schema
  if ($ref !== undefined && (typeof $ref !== 'string' || !leadsSomewhere($ref, root))) return '$ref'
  if (Array.isArray(items)) return 'items'
  if (bounds.some((key) => schema[key] !== undefined && typeof schema[key] !== 'number')) return 'a bound'
  if (choices !== undefined && !Array.isArray(choices)) return 'enum'
  if (examples !== undefined && !Array.isArray(examples)) return 'examples'
  if (lists.some((key) => schema[key] !== undefined && !(Array.isArray(schema[key]) && schema[key].length > 0)))
    return 'a list'
  if (required !== undefined && required !== null && !areNames(required)) return 'required'
  return undefined
}

function areNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string') && new Set(value).size === value.length
}

/** Only what is in the schema itself can be looked up. */
function leadsSomewhere(ref: string, root: object): boolean {
  if (!ref.startsWith('#')) return true
  if (!ref.startsWith('#/')) return true
  let value: unknown = root
  for (const part of ref.slice(2).split('/')) {
    const key = decoded(part).replace(/~1/g, '/').replace(/~0/g, '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Schema)[key]
  }
  return true
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
