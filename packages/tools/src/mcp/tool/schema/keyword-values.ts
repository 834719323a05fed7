export type Schema = { readonly [keyword: string]: unknown }

export const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a keyword's value has to be, in words, and what it is taken for: `undefined` if it says nothing. */
interface Rule {
  readonly words: string
  /** Gives `unclear` for what has no plain meaning. */
  mend(value: unknown): unknown
}

export const unclear = Symbol('unclear')

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
/** As other languages call them. */
const names: { readonly [name: string]: string } = {
  bool: 'boolean',
  dict: 'object',
  double: 'number',
  float: 'number',
  int: 'integer',
  list: 'array',
  none: 'null',
  str: 'string',
}

const text: Rule = {
  words: 'a string',
  mend: (value) =>
    typeof value === 'string' ? value : ['number', 'boolean'].includes(typeof value) ? `${value}` : unclear,
}

const toNumber = (value: unknown): number | typeof unclear => {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : unclear
}

const number: Rule = { words: 'a number', mend: toNumber }

const divisor: Rule = {
  words: 'a number above 0',
  mend(value) {
    const given = toNumber(value)
    return given !== unclear && given > 0 ? given : unclear
  },
}

const count = (isLeast: boolean): Rule => ({
  words: 'a whole number',
  mend(value) {
    const given = toNumber(value)
    if (given !== unclear && given < 0 && isLeast) return undefined
    return Number.isInteger(given) && (given as number) >= 0 ? given : unclear
  },
})

export const toBoolean = (value: unknown): unknown => {
  if (value === 'true' || value === 'false') return value === 'true'
  return typeof value === 'boolean' ? value : unclear
}

const toNames = (value: unknown): unknown => {
  const list = typeof value === 'string' ? [value] : value
  return Array.isArray(list) && list.every((one) => typeof one === 'string') ? [...new Set(list)] : unclear
}

const list: Rule = {
  words: 'a list',
  mend: (value) => (Array.isArray(value) ? value : isObject(value) ? unclear : [value]),
}

const type: Rule = {
  words: `one of ${types.join(', ')}`,
  mend(value) {
    const given = [value].flat().map((one) => {
      const name = String(one).toLowerCase()
      return Object.hasOwn(names, name) ? names[name]! : name
    })
    if (given.includes('any') || !given.length) return undefined
    if (!given.every((one) => types.includes(one))) return unclear
    const unique = [...new Set(given)]
    return unique.length === 1 ? unique[0] : unique
  },
}

const required: Rule = {
  words: 'a list of strings',
  // In the oldest drafts, said of a property by itself: whoever holds it knows.
  mend: (value) => (typeof toBoolean(value) === 'boolean' ? undefined : toNames(value)),
}

const dependentRequired: Rule = {
  words: 'an object of lists of strings',
  mend(value) {
    const entries = Object.entries(Object(value)).map(([key, one]) => [key, toNames(one)] as const)
    return isObject(value) && entries.every(([, one]) => one !== unclear) ? Object.fromEntries(entries) : unclear
  },
}

const examples: Rule = { words: 'a list', mend: (value) => (Array.isArray(value) ? value : [value]) }

const each = (keywords: string, rule: Rule) => keywords.split(' ').map((keyword) => [keyword, rule] as const)

/** Of the keywords whose value holds no schema. */
export const valueRules: ReadonlyMap<string, Rule> = new Map([
  ['type', type],
  ['required', required],
  ['dependentRequired', dependentRequired],
  ['enum', list],
  ['examples', examples],
  ...each('title description format pattern contentEncoding contentMediaType', text),
  ...each('minimum maximum exclusiveMinimum exclusiveMaximum', number),
  ...each('minLength minItems minProperties minContains', count(true)),
  ...each('maxLength maxItems maxProperties maxContains', count(false)),
  ['multipleOf', divisor],
  ...each('deprecated readOnly writeOnly uniqueItems', { words: 'true or false', mend: toBoolean }),
])

/** Of the keywords whose value is a schema, a list of schemas, or an object of schemas. */
export const partRules: ReadonlyMap<string, 'one' | 'list' | 'map'> = new Map([
  ...['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'contentSchema'].map(
    (keyword) => [keyword, 'one'] as const,
  ),
  ...['unevaluatedItems', 'unevaluatedProperties'].map((keyword) => [keyword, 'one'] as const),
  ...['anyOf', 'oneOf', 'allOf', 'prefixItems'].map((keyword) => [keyword, 'list'] as const),
  ...['properties', 'patternProperties', 'dependentSchemas'].map((keyword) => [keyword, 'map'] as const),
])

/** JavaScript's own reading of it, which is the strictest of those that there are. */
export function isPattern(text: string): boolean {
  try {
    return !!new RegExp(text, 'u')
  } catch {
    return false
  }
}
