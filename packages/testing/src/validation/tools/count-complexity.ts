import { isObject, subschemas } from './find-schema-fault.ts'

/** What makes a strict schema hard to hold the model to. */
interface Complexity {
  /** Whether an object takes properties that are not listed. */
  open: boolean
  optional: number
  unions: number
}

/** Counts it over a schema and all within; a schema that others refer to counts once. */
export function countComplexity(root: object): Complexity {
  const found: Complexity = { open: false, optional: 0, unions: 0 }
  const left: unknown[] = [root]
  for (let schema = left.pop(); schema !== undefined; schema = left.pop()) {
    if (!isObject(schema)) continue
    const { type, properties, required, additionalProperties, anyOf } = schema
    if ([type].flat().includes('object') && additionalProperties !== false) found.open = true
    if (isObject(properties)) {
      const needed = new Set(Array.isArray(required) ? required : [])
      found.optional += Object.keys(properties).filter((name) => !needed.has(name)).length
    }
    if (Array.isArray(type) || Array.isArray(anyOf)) found.unions++
    left.push(...subschemas(schema))
  }
  return found
}
