import type { JSONSchema } from './json-schema.ts'

/** One thing that is wrong with a value, and where. The shape is Standard Schema's. */
export interface JSONIssue {
  message: string
  path: string[]
}

type Limits = { [keyword: string]: (value: never, limit: never) => boolean }

/** Keywords that bind values of one kind, and leave others alone. */
const limits: { [kind: string]: Limits } = {
  number: {
    minimum: (value: number, limit: number) => value >= limit,
    maximum: (value: number, limit: number) => value <= limit,
    exclusiveMinimum: (value: number, limit: number) => value > limit,
    exclusiveMaximum: (value: number, limit: number) => value < limit,
  },
  string: {
    // Characters, not UTF-16 units, as the specification counts.
    minLength: (value: string, limit: number) => [...value].length >= limit,
    maxLength: (value: string, limit: number) => [...value].length <= limit,
    pattern: (value: string, limit: string) => new RegExp(limit, 'u').test(value),
  },
  array: {
    minItems: (value: unknown[], limit: number) => value.length >= limit,
    maxItems: (value: unknown[], limit: number) => value.length <= limit,
  },
}

/**
 * Checks a JSON value against a JSON Schema and lists everything that is wrong; nothing is filled in or converted.
 *
 * Enforced: `type`, `nullable`, `enum`, `const`, `properties`, `required`, `additionalProperties` (but not beside
 * `patternProperties`), `items`, `prefixItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`,
 * `maxLength`, `minItems`, `maxItems`, `pattern`, `anyOf`, `oneOf`, `allOf`, and `$ref` within the schema, where one that
 * points nowhere lets nothing through. Any other keyword, `format` among them, only informs the model.
 *
 * @throws {SyntaxError} a `pattern` is no regular expression
 */
export function validateJSON(root: JSONSchema, value: unknown): JSONIssue[] {
  return check(root, root, value, [])
}

function check(root: JSONSchema, given: unknown, value: unknown, path: string[]): JSONIssue[] {
  if (given === false) return [{ message: 'is not allowed', path }]
  const schema = Object(given) as JSONSchema
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (schema.nullable && value === null) return []
  const types = list(schema.type ?? kind)
  if (!types.some((type) => type === kind || (type === 'integer' && Number.isInteger(value)))) {
    return [{ message: `must be ${types.join(' or ')}, not ${kind}`, path }]
  }
  const test = (branch: unknown) => check(root, branch, value, path)
  const issues = list(schema.allOf).flatMap(test)
  const fail = (message: string) => issues.push({ message, path })

  const choice = 'const' in schema ? [schema.const] : list(schema.enum)
  const texts = choice.map((one) => JSON.stringify(one))
  if (choice.length && !texts.includes(JSON.stringify(value))) fail(`must be ${texts.join(' or ')}`)
  for (const [keyword, holds] of Object.entries(limits[kind] ?? {})) {
    const limit = schema[keyword]
    if (limit !== undefined && !holds(value as never, limit as never)) fail(`breaks ${keyword} ${limit}`)
  }
  if (schema.$ref) issues.push(...test(resolve(root, String(schema.$ref))))
  for (const keyword of ['anyOf', 'oneOf']) {
    const outcomes = list(schema[keyword]).map(test)
    const fits = outcomes.filter((outcome) => !outcome.length).length
    if (!outcomes.length || fits === 1 || (fits && keyword === 'anyOf')) continue
    fail(`fits ${fits} of ${outcomes.length} allowed forms`)
    // The form with the fewest faults is most likely the one that was meant.
    issues.push(...outcomes.reduce((best, one) => (best.length <= one.length ? best : one)))
  }
  return [...issues, ...(value && typeof value === 'object' ? checkParts(root, schema, value, path) : [])]
}

function checkParts(root: JSONSchema, schema: JSONSchema, value: object, path: string[]): JSONIssue[] {
  const array = Array.isArray(value)
  const known = Object(array ? schema.prefixItems : schema.properties) as JSONSchema
  const rest = array ? schema.items : schema.patternProperties ? true : schema.additionalProperties
  const missing = array ? [] : list(schema.required).filter((key) => !Object.hasOwn(value, key as string))
  return [
    ...missing.map((key) => ({ message: 'is missing', path: [...path, key as string] })),
    ...Object.entries(value).flatMap(([key, part]) =>
      check(root, Object.hasOwn(known, key) ? known[key] : rest, part, [...path, key]),
    ),
  ]
}

function list(value: unknown): unknown[] {
  return value ? [value].flat() : []
}

function resolve(root: JSONSchema, ref: string): unknown {
  const [start, ...keys] = decodeURIComponent(ref).split('/')
  const into = (at: unknown, part: string) => {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    return Object.hasOwn(Object(at), key) && (at as JSONSchema)[key]
  }
  return start === '#' && keys.reduce(into, root)
}
