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

/** Keywords that are not enforced, so that a value may fit forms with them which it does not. */
const unsure = /"(\$ref|not|if|format|\w*ontains|(mul|uni|une|depen|m..Prop|propertyN|patternP)\w+)":/

/**
 * Checks a JSON value against a JSON Schema and lists everything that is wrong; nothing is filled in or converted.
 *
 * Enforced: `type`, `nullable`, `enum`, `const`, `properties`, `required`, `additionalProperties` (but not beside
 * `patternProperties`), `items` (a list is a tuple), `prefixItems`, `minimum`, `maximum`, `exclusiveMinimum`,
 * `exclusiveMaximum`, `minLength`, `maxLength`, `minItems`, `maxItems`, `pattern`, `anyOf`, `oneOf` (more than
 * one form may fit where one has a `$ref` or a keyword that is not enforced), `allOf`, and `$ref` within the schema, where one that points
 * nowhere lets nothing through. Any other keyword, `format` among them, only informs the model.
 *
 * @throws {SyntaxError} a `pattern` is no regular expression
 */
export function validateJSON(root: JSONSchema, value: unknown): JSONIssue[] {
  return createCheck(root)(root, value, [])
}

/** Checks a value against a part of a schema; nothing is kept between checks. */
export type Check = (given: unknown, value: unknown, path: string[]) => JSONIssue[]

export function createCheck(root: JSONSchema): Check {
  const check: Check = (given, value, path) => {
    if (given === false) return [{ message: 'is not allowed', path }]
    const schema = Object(given) as JSONSchema
    const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
    if (schema.nullable && value === null) return []
    const types = list(schema.type ?? kind)
    if (!types.some((type) => type === kind || (type === 'integer' && Number.isInteger(value)))) {
      return [{ message: `must be ${types.join(' or ')}, not ${kind}`, path }]
    }
    const test = (branch: unknown) => check(branch, value, path)
    const issues = list(schema.allOf).flatMap(test)
    const fail = (message: string) => issues.push({ message, path })

    const choice = 'const' in schema ? [schema.const] : schema.enum && list(schema.enum)
    const texts = (choice as unknown[] | undefined)?.map(canonical)
    if (texts && !texts.includes(canonical(value))) fail(`must be ${texts.join(' or ') || 'nothing'}`)
    for (const [keyword, holds] of Object.entries(limits[kind] ?? {})) {
      const limit = schema[keyword]
      // A boolean is of an old draft, where it says something about another keyword.
      if (limit !== undefined && limit !== !!limit && !holds(value as never, limit as never)) {
        fail(`breaks ${keyword} ${limit}`)
      }
    }
    if (typeof schema.$ref === 'string') issues.push(...test(resolve(root, schema.$ref)))
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = list(schema[keyword])
      const outcomes = branches.map(test)
      const fits = outcomes.filter((outcome) => !outcome.length).length
      const isEnough = fits === 1 || keyword === 'anyOf' || unsure.test(JSON.stringify(branches))
      if (!outcomes.length || (fits && isEnough)) continue
      fail(`fits ${fits} of ${outcomes.length} allowed forms`)
      // The form with the fewest faults is most likely the one that was meant.
      issues.push(...outcomes.reduce((best, one) => (best.length <= one.length ? best : one)))
    }
    return [...issues, ...(value && typeof value === 'object' ? checkParts(schema, value, path) : [])]
  }

  const checkParts = (schema: JSONSchema, value: object, path: string[]): JSONIssue[] => {
    const array = Array.isArray(value)
    // A list of items is a tuple, as older drafts have it.
    const [tuple, more] = Array.isArray(schema.items) ? ['items', 'additionalItems'] : ['prefixItems', 'items']
    const known = Object(schema[array ? tuple : 'properties']) as JSONSchema
    const rest = array ? schema[more] : schema.patternProperties ? true : schema.additionalProperties
    const missing = array ? [] : list(schema.required).filter((key) => !Object.hasOwn(value, key as string))
    return [
      ...missing.map((key) => ({ message: 'is missing', path: [...path, key as string] })),
      ...Object.entries(value).flatMap(([key, part]) =>
        check(Object.hasOwn(known, key) ? known[key] : rest, part, [...path, key]),
      ),
    ]
  }

  return check
}

function list(value: unknown): unknown[] {
  return value ? [value].flat() : []
}

/** One text for values that are equal, in whatever order their keys are. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** `false`, a schema that nothing fits, where a reference points nowhere. */
export function resolve(root: JSONSchema, ref: string): unknown {
  const [start, ...keys] = decodeURIComponent(ref).split('/')
  const into = (at: unknown, part: string) => {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    return Object.hasOwn(Object(at), key) && (at as JSONSchema)[key]
  }
  return start === '#' && keys.reduce(into, root)
}
