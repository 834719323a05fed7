import type { JSONSchema } from '@enjamb/core'

/**
 * Input as it was meant, where models are known to write it in another way and nothing else can be meant. What the schema
 * does not name is left out, text that must not be blank comes without the space around it, and anything that is not
 * understood stays as it is, for the check to refuse.
 */
export function fitInput(schema: JSONSchema, given: unknown): unknown {
  const { type, items, enum: choices } = schema as { type?: string; items?: JSONSchema; enum?: readonly string[] }
  if (type === 'object') return fitObject(schema, parsed(given, '{'))
  if (type === 'array') {
    const list = parsed(given, '[')
    const one = Array.isArray(list) ? list : isOne(items, list) ? [list] : undefined
    return items && one ? one.map((item) => fitInput(items, item)) : list
  }
  if (type === 'integer' || type === 'number') return toNumber(given)
  if (type === 'boolean') return toBoolean(given)
  if (typeof given === 'number' && Number(schema.maxLength) <= maxNameChars) return String(given)
  if (typeof given !== 'string') return given
  if (choices) return choices.find((choice) => choice === given.trim().toLowerCase()) ?? given
  return schema.pattern === notBlank ? given.trim() : given
}

/** A number may stand for a name or a page, but for no content. */
const maxNameChars = 200

/** The pattern of text that must not be blank. */
const notBlank = '\\S'

function fitObject({ properties, required = [] }: JSONSchema, given: unknown): unknown {
  if (!given || typeof given !== 'object' || Array.isArray(given)) return given
  const known = Object.entries(properties as { [name: string]: JSONSchema })
  const entries = known.flatMap(([name, schema]) => {
    if (!Object.hasOwn(given, name)) return []
    const value = (given as { [name: string]: unknown })[name]
    const isLeftOut = value === null || value === undefined
    if (isLeftOut && !(required as readonly string[]).includes(name)) return []
    return [[name, fitInput(schema, value)]]
  })
  return Object.fromEntries(entries)
}

/** What was written as a text of JSON rather than as JSON. */
function parsed(given: unknown, start: '{' | '['): unknown {
  if (typeof given !== 'string' || !given.trimStart().startsWith(start)) return given
  try {
    return JSON.parse(given)
  } catch {
    return given
  }
}

/** Is it what a list should have held? */
function isOne(items: JSONSchema | undefined, given: unknown): boolean {
  const kind = typeof given
  return given !== null && kind === items?.type && !(kind === 'string' && !(given as string).trim())
}

function toNumber(given: unknown): unknown {
  const isNumber = typeof given === 'string' && /^\s*-?\d{1,15}(?:\.\d+)?\s*$/.test(given)
  return isNumber ? Number(given) : given
}

function toBoolean(given: unknown): unknown {
  const word = typeof given === 'string' && given.trim().toLowerCase()
  return word === 'true' || (word === 'false' ? false : given)
}
