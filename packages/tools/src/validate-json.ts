import type { JSONSchema } from './json-schema.ts'

/** One thing that is wrong with a value, and where. The shape is Standard Schema's. */
export interface JSONIssue {
  message: string
  path: string[]
}

/**
 * Checks a JSON value against a JSON Schema and lists everything that is wrong; nothing is filled in or converted.
 *
 * Enforced: `type`, `nullable`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `minimum`,
 * `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `maxLength`, `minItems`, `maxItems`, `pattern`, `anyOf`,
 * `oneOf`, `allOf`, and `$ref` within the schema, where one that points nowhere lets nothing through. Any other keyword,
 * `format` among them, only informs the model.
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
  const types = schema.type ? [schema.type].flat() : [kind]
  if (value === null && schema.nullable) return []
  if (!types.some((type) => type === kind || (type === 'integer' && Number.isInteger(value)))) {
    return [{ message: `must be ${types.join(' or ')}, not ${kind}`, path }]
  }
  const issues: JSONIssue[] = []
  const expect = (holds: unknown, message: string) => holds || issues.push({ message, path })
  const test = (branch: unknown) => check(root, branch, value, path)
  const same = (other: unknown) => JSON.stringify(other) === JSON.stringify(value)

  const choice = 'const' in schema ? [schema.const] : (schema.enum as unknown[] | undefined)
  expect(!choice || choice.some(same), `must be ${choice?.map((one) => JSON.stringify(one)).join(' or ')}`)
  checkLimits(schema, value, expect)
  for (const branch of list(schema.allOf)) issues.push(...test(branch))
  if (schema.$ref) issues.push(...test(resolve(root, String(schema.$ref))))
  for (const keyword of ['anyOf', 'oneOf']) {
    const outcomes = list(schema[keyword]).map(test)
    const fits = outcomes.filter((outcome) => outcome.length === 0).length
    expect(
      !outcomes.length || fits === 1 || (fits && keyword === 'anyOf'),
      `fits ${fits} of ${outcomes.length} allowed forms`,
    )
    // The form with the fewest faults is most likely the one that was meant.
    if (!fits)
      issues.push(...outcomes.reduce((best, one) => (best.length && best.length <= one.length ? best : one), []))
  }
  if (kind === 'array' || kind === 'object') issues.push(...checkParts(root, schema, Object(value), path))
  return issues
}

function checkLimits(schema: JSONSchema, value: unknown, expect: (holds: unknown, message: string) => void): void {
  const within = (size: number, name: string, least: unknown, most: unknown) => {
    // Written so that a limit which is not there holds.
    expect(!(size < Number(least)), `${name}must be at least ${least}`)
    expect(!(size > Number(most)), `${name}must be at most ${most}`)
  }
  if (typeof value === 'number') {
    const { exclusiveMinimum: above, exclusiveMaximum: below } = schema
    within(value, '', schema.minimum, schema.maximum)
    expect(!(value <= Number(above)), `must be above ${above}`)
    expect(!(value >= Number(below)), `must be below ${below}`)
  } else if (typeof value === 'string') {
    within([...value].length, 'length ', schema.minLength, schema.maxLength)
    const { pattern } = schema
    expect(!pattern || new RegExp(String(pattern), 'u').test(value), `must match ${pattern}`)
  } else if (Array.isArray(value)) within(value.length, 'length ', schema.minItems, schema.maxItems)
}

function checkParts(root: JSONSchema, schema: JSONSchema, value: object, path: string[]): JSONIssue[] {
  const known = Object(schema.properties) as JSONSchema
  const missing = list(schema.required).filter((key) => !Array.isArray(value) && !Object.hasOwn(value, key as string))
  return [
    ...missing.map((key) => ({ message: 'is missing', path: [...path, key as string] })),
    ...Object.entries(value).flatMap(([key, part]) => {
      const rest = Array.isArray(value) ? schema.items : schema.additionalProperties
      return check(root, Object.hasOwn(known, key) ? known[key] : rest, part, [...path, key])
    }),
  ]
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function resolve(root: JSONSchema, ref: string): unknown {
  const [start, ...keys] = ref.split('/')
  return (
    start === '#' &&
    keys.reduce((at: unknown, key) => (Object.hasOwn(Object(at), key) ? (at as JSONSchema)[key] : false), root)
  )
}
