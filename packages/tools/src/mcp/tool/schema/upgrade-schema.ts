import { isObject, type Schema } from './keyword-values.ts'

// What only says which schema this is, or what its parts are called: references are written anew.
const dropped = [
  '$schema',
  '$id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
  '$comment',
  '$defs',
  'definitions',
]

/**
 * A schema of an older draft, or of OpenAPI, in the words of 2020-12: itself, not those in it, which stay the same objects.
 *
 * @see https://json-schema.org/draft/2020-12/release-notes
 */
export function upgradeSchema(given: Schema): Schema {
  const { items, additionalItems, dependencies, nullable, $recursiveRef, $dynamicRef, ...rest } = given
  const schema: { [keyword: string]: unknown } = Object.fromEntries(
    Object.entries(rest).filter(([keyword]) => !dropped.includes(keyword)),
  )
  schema.$ref ??= $dynamicRef ?? $recursiveRef
  if (schema.$ref === undefined) delete schema.$ref

  if (Array.isArray(items) && !('prefixItems' in rest)) {
    if (items.length) schema.prefixItems = items
    if (additionalItems !== undefined) schema.items = additionalItems
  } else if (items !== undefined) schema.items = items

  if (nullable === true && schema.type !== undefined) schema.type = [schema.type, 'null'].flat()

  if (isObject(dependencies)) {
    const entries = Object.entries(dependencies)
    const lists = entries.filter(([, value]) => Array.isArray(value) || typeof value === 'string')
    const schemas = entries.filter((entry) => !lists.includes(entry))
    if (lists.length) schema.dependentRequired = { ...Object.fromEntries(lists), ...Object(rest.dependentRequired) }
    if (schemas.length) schema.dependentSchemas = { ...Object.fromEntries(schemas), ...Object(rest.dependentSchemas) }
  }

  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue
    const isExclusive = schema[exclusive] && schema[limit] !== undefined
    if (isExclusive) schema[exclusive] = schema[limit]
    else delete schema[exclusive]
    if (isExclusive) delete schema[limit]
  }

  // In the oldest drafts, a property says itself that it is required.
  const needed = Object.entries(Object(schema.properties)).filter(
    ([, part]) => isObject(part) && part.required === true,
  )
  if (needed.length) {
    const others = [schema.required ?? []].flat().filter((one) => typeof one !== 'boolean')
    schema.required = [...others, ...needed.map(([name]) => name)]
  }
  return schema
}
