import type { ToolInputSchema } from '@enjamb/core'
import { isObject, type Schema } from './keyword-values.ts'
import { mendSchema } from './mend-schema.ts'
import { indexRefs } from './schema-refs.ts'

const maxChars = 100_000
/** Of the JSON: schemas may be nested half as deep. */
const maxDepth = 150

/**
 * A server's input schema as the API takes it: of an object, and without a union at its top, which is told to the model in
 * words instead.
 *
 * @throws {Error} it cannot be made one: a request with it would be refused, with all other tools
 */
export function toInputSchema(given: unknown): { schema: ToolInputSchema; hint: string } {
  const whole = saysNothing(given) ? {} : given
  if (!isObject(whole)) throw new Error('its input schema is not one of an object')
  if (isDeep(whole, maxDepth)) throw new Error('its input schema is nested too deeply')
  const text = JSON.stringify(whole)
  if (text.length > maxChars)
    throw new Error(`its input schema has ${text.length} characters; ${maxChars} are the most`)
  // JSON escapes half a character and nothing else in this way, behind an even number of backslashes.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text)) throw new Error('its input schema holds half a character')
  const { anyOf, oneOf, allOf, type, ...rest } = mend(whole)
  // Without a type, it is that of a tool that has no input, or of a server that took the type for granted.
  if (type !== undefined && ![type].flat().includes('object'))
    throw new Error('its input schema is not one of an object')
  const odd = Object.keys(Object(rest.properties)).find((key) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(key))
  if (odd !== undefined) throw new Error(`its input has a property that the API does not take: "${odd.slice(0, 100)}"`)
  const unions = Object.entries({ anyOf, oneOf, allOf }).filter(([, value]) => value !== undefined)
  const hint = unions.length ? `\nThe input must also fit: ${JSON.stringify(Object.fromEntries(unions))}` : ''
  return { schema: { type: 'object', ...rest } as unknown as ToolInputSchema, hint }
}

function mend(schema: Schema): Schema {
  try {
    return mendSchema(followRoot(schema))
  } catch (error) {
    throw new Error(`the API would not take its input schema: ${(error as Error).message}`)
  }
}

/** Without one, and where a server's language knows no other empty object, a tool takes anything. */
function saysNothing(given: unknown): boolean {
  return given === undefined || given === null || given === true || (Array.isArray(given) && !given.length)
}

/**
 * What a reference at the top leads to, together with what stands beside it.
 *
 * @throws {Error} it leads nowhere, or to itself
 */
function followRoot(root: Schema): Schema {
  const refs = indexRefs(root)
  const seen = new Set<unknown>([root])
  let schema = root
  while (schema.$ref !== undefined && schema.$ref !== null) {
    const { $ref, ...beside } = schema
    const { target } = refs.resolve($ref, root)
    if (!isObject(target) || seen.has(target)) throw new Error('its reference does not lead to an object')
    seen.add(target)
    schema = joinSchemas(target, beside)
  }
  return schema
}

const annotations = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'deprecated']
const maps = ['properties', 'patternProperties', '$defs', 'definitions']

/** Both must hold: as one where they do not speak of the same, else the first as a part of the second. */
function joinSchemas(first: Schema, second: Schema): Schema {
  const isSame = (key: string) => JSON.stringify(first[key]) === JSON.stringify(second[key])
  const shared = Object.keys(second).filter((key) => key in first && !annotations.includes(key) && !isSame(key))
  const joined = shared.map((key) => {
    const [a, b] = [first[key], second[key]]
    if (key === 'required') return [key, [...[a].flat(), ...[b].flat()]] as const
    const isApart = isObject(a) && isObject(b) && !Object.keys(a).some((name) => name in b)
    return [key, maps.includes(key) && isApart ? { ...a, ...b } : undefined] as const
  })
  const canJoin = joined.every(([, value]) => value)
  if (canJoin) return { ...first, ...second, ...Object.fromEntries(joined) }
  return { ...second, allOf: [first, ...[second.allOf ?? []].flat()] }
}

function isDeep(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return most === 0 || Object.values(value).some((part) => isDeep(part, most - 1))
}
