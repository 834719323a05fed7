import type { ToolInputSchema } from '@enjamb/core'

const maxChars = 100_000
const maxDepth = 50

/**
 * A server's input schema as the API takes it: of an object, and without a union at its top, which is told to the model in
 * words instead.
 *
 * @throws {Error} it cannot be made one: a request with it would be refused, with all other tools
 */
export function toInputSchema(given: unknown): { schema: ToolInputSchema; hint: string } {
  const { $schema, anyOf, oneOf, allOf, ...rest } = Object(given) as Schema
  // Without a type, it is that of a tool that has no input, or of a server that took the type for granted.
  const schema: Schema = isObject(given) && !('$ref' in rest) ? { type: 'object', ...rest } : rest
  if (schema.type !== 'object') throw new Error('its input schema is not one of an object')
  const text = JSON.stringify(given)
  if (text.length > maxChars)
    throw new Error(`its input schema has ${text.length} characters; ${maxChars} are the most`)
  // JSON escapes half a character and nothing else in this way, behind an even number of backslashes.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text)) throw new Error('its input schema holds half a character')
  const fault = findFault(given, 'input')
  if (fault) throw new Error(`the API would not take its input schema: ${fault}`)
  const odd = Object.keys(Object(schema.properties)).find((key) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(key))
  if (odd !== undefined) throw new Error(`its input has a property that the API does not take: "${odd.slice(0, 100)}"`)
  const unions = Object.entries({ anyOf, oneOf, allOf }).filter(([, value]) => value !== undefined)
  const hint = unions.length ? `\nThe input must also fit: ${JSON.stringify(Object.fromEntries(unions))}` : ''
  return { schema: schema as unknown as ToolInputSchema, hint }
}

type Schema = { readonly [keyword: string]: unknown }

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
const isSchema = (value: unknown) => typeof value === 'boolean' || isObject(value)
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isFilled = (value: unknown) => Array.isArray(value) && value.length > 0
const areStrings = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string')
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0

type Rule = readonly [keywords: string, fits: (value: unknown) => boolean, words: string, parts?: typeof Object.values]

/** What must hold of each keyword's value, that in words, and the schemas in it. */
const rules: readonly Rule[] = [
  ['type', (value) => [value].flat().every((one) => types.includes(one as string)), `one of ${types.join(', ')}`],
  ['properties patternProperties $defs dependentSchemas', isObject, 'an object of schemas', Object.values],
  ['anyOf oneOf allOf prefixItems', isFilled, 'a list of schemas', Object.values],
  ['items additionalProperties not if then else contains propertyNames', isSchema, 'a schema', (one: unknown) => [one]],
  ['required', areStrings, 'a list of strings'],
  ['enum', Array.isArray, 'a list'],
  ['minimum maximum exclusiveMinimum exclusiveMaximum', (value) => typeof value === 'number', 'a number'],
  ['minLength maxLength minItems maxItems minProperties maxProperties', isCount, 'a whole number'],
  ['description title pattern format $ref', (value) => typeof value === 'string', 'a string'],
]

/**
 * What is wrong with a JSON Schema, if it is one of the faults that servers have and the API refuses; its meta-schema would
 * find the others, too.
 *
 * @see https://json-schema.org/draft/2020-12/schema
 */
function findFault(schema: unknown, path: string, depth = 0): string | undefined {
  if (depth > maxDepth) return `${path.slice(0, 100)}… is nested too deeply`
  if (!isSchema(schema)) return `${path} is not a schema`
  for (const [keywords, fits, words, parts = () => []] of rules) {
    for (const keyword of keywords.split(' ')) {
      const value = (schema as Schema)[keyword]
      if (value === undefined) continue
      if (!fits(value)) return `${path}.${keyword} is not ${words}`
      for (const part of parts(value as object)) {
        const fault = findFault(part, `${path}.${keyword}`, depth + 1)
        if (fault) return fault
      }
    }
  }
  return undefined
}
