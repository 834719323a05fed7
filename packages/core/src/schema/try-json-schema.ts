import type { JSONSchema } from './json-schema.ts'
import { createCheck, resolve } from './validate-json.ts'

/**
 * Looks for what could only fail later, at each call: a `pattern` that is no regular expression, a `$ref` that points
 * nowhere or leads back to itself.
 *
 * @throws whatever is wrong
 */
export function tryJSONSchema(root: JSONSchema): void {
  const check = createCheck(root)
  const visit = (schema: JSONSchema) => {
    for (const value of ['', 0, true, null, {}, []]) check(schema, value, [])
    if (typeof schema.$ref === 'string' && !resolve(root, schema.$ref)) throw new Error(`${schema.$ref} leads nowhere`)
    for (const [keyword, part] of Object.entries(schema)) {
      // Values, which only look like schemas.
      if (part && typeof part === 'object' && !/^(const|enum|default|examples)$/.test(keyword))
        visit(part as JSONSchema)
    }
  }
  visit(root)
}
