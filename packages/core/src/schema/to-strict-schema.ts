import type { JSONObject } from '../wire/index.ts'

type Schema = { readonly [keyword: string]: unknown }

const asItIs = (value: unknown) => value
const schema = (value: unknown) => toStrictSchema(value as Schema)
const schemas = (value: unknown) => (value as Schema[]).map(toStrictSchema)
const byName = (value: unknown) =>
  Object.fromEntries(Object.entries(value as Record<string, Schema>).map(([name, one]) => [name, toStrictSchema(one)]))
const ifPlain = (value: unknown) => ([value].flat().some((one) => one && typeof one === 'object') ? undefined : value)
const ifOneOf =
  (...known: unknown[]) =>
  (value: unknown) =>
    known.includes(value) ? value : undefined

/** What becomes of each keyword that the API reads; nothing, and it is only described. */
const keywords: Readonly<Record<string, (value: unknown) => unknown>> = {
  type: asItIs,
  title: asItIs,
  required: asItIs,
  $ref: asItIs,
  enum: ifPlain,
  const: ifPlain,
  anyOf: schemas,
  allOf: schemas,
  properties: byName,
  $defs: byName,
  definitions: byName,
  // A list of schemas stands for a tuple, which the API has no form for.
  items: (value) => (Array.isArray(value) ? undefined : schema(value)),
  minItems: /* @__PURE__ */ ifOneOf(0, 1),
  format: /* @__PURE__ */ ifOneOf(
    'date-time',
    'time',
    'date',
    'duration',
    'email',
    'hostname',
    'uri',
    'ipv4',
    'ipv6',
    'uuid',
  ),
}

/**
 * A JSON Schema as the API takes it for strict tools and structured output: objects are closed, `oneOf` becomes `anyOf`,
 * and what the API cannot enforce (`minimum`, `pattern`, `maxItems`, …) is said in the description, for the model to heed
 * and for you to check. What is given is not changed.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 */
export function toStrictSchema(given: Schema): JSONObject {
  const strict: Record<string, unknown> = {}
  const told: string[] = []
  for (const [keyword, value] of Object.entries(given)) {
    if (/^(\$schema|description|additionalProperties)$/.test(keyword)) continue
    const name = keyword === 'oneOf' ? 'anyOf' : keyword
    const kept = Object.hasOwn(keywords, name) ? keywords[name]!(value) : undefined
    if (kept === undefined) told.push(`${keyword}: ${JSON.stringify(value)}`)
    else strict[name] = kept
  }
  const isMap = typeof given.additionalProperties === 'object'
  if (isMap) told.push(`additionalProperties: ${JSON.stringify(given.additionalProperties)}`)
  if ([given.type].flat().includes('object')) strict.additionalProperties = false
  const description = [given.description, told.length && `(${told.join(', ')})`].filter(Boolean).join(' ')
  return (description ? { ...strict, description } : strict) as JSONObject
}
