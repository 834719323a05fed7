import { ConfigError, type FromJSONSchema, type JSONIssue, type JSONSchema, validateJSON } from '@enjamb/core'

/**
 * A schema of a library that speaks Standard Schema and Standard JSON Schema, such as zod 4, arktype, or valibot by
 * `toStandardJsonSchema`.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    readonly jsonSchema?: { readonly input: (options: { target: 'draft-2020-12' }) => Record<string, unknown> }
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }

/** What an answer is to fit: a schema of a library, or a JSON Schema. */
export type OutputSchema = StandardSchema | JSONSchema

/** What comes of an answer, after the schema's defaults and transformations. */
export type OutputOf<Schema> = Schema extends { readonly '~standard': infer Standard }
  ? TypesOf<Standard>['output']
  : FromJSONSchema<Schema>

/** What the model writes. */
export type WrittenOf<Schema> = Schema extends { readonly '~standard': infer Standard }
  ? TypesOf<Standard>['input']
  : FromJSONSchema<Schema>

type TypesOf<Standard> = Standard extends { readonly types?: infer Types }
  ? NonNullable<Types> extends { input: unknown; output: unknown }
    ? NonNullable<Types>
    : { input: unknown; output: unknown }
  : { input: unknown; output: unknown }

/** A schema, read: what the API is told, and how an answer is checked. */
export interface ReadSchema {
  json: JSONSchema
  check(value: unknown): Promise<{ value: unknown } | { issues: readonly JSONIssue[] }>
}

/** @throws {ConfigError} the schema has no form as a JSON Schema, or one that the API cannot take */
export function readSchema(schema: OutputSchema): ReadSchema {
  // A schema of a library may be a function, or itself have a `type`.
  const standard = (schema as StandardSchema | undefined)?.['~standard']
  let json: JSONSchema | undefined
  let cause: unknown
  try {
    json = standard ? standard.jsonSchema?.input({ target: 'draft-2020-12' }) : (schema as JSONSchema)
  } catch (error) {
    cause = error
  }
  if (!json || typeof json !== 'object' || Array.isArray(json)) {
    throw new ConfigError(`schema must be one that has a JSON Schema, as those of zod 4 do. ${cause ?? ''}`, { cause })
  }
  checkRefs(json)
  return { json, check: standard ? (value) => validate(standard, value) : async (value) => checkJSON(json, value) }
}

async function validate(standard: StandardSchema['~standard'], value: unknown): ReturnType<ReadSchema['check']> {
  const result = await standard.validate(value)
  if (!result.issues) return { value: result.value }
  const toPath = (path: readonly unknown[] = []) => path.map((part) => String(Object(part).key ?? part))
  return { issues: result.issues.map(({ message, path }) => ({ message, path: toPath(path) })) }
}

function checkJSON(json: JSONSchema, value: unknown): { value: unknown } | { issues: readonly JSONIssue[] } {
  const issues = validateJSON(json, value)
  return issues.length ? { issues } : { value }
}

/**
 * The API makes a grammar of the schema, which has no end where the schema comes back to itself.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
function checkRefs(root: JSONSchema): void {
  const done = new Set<unknown>()
  const visit = (part: unknown, above: readonly unknown[]): void => {
    if (!part || typeof part !== 'object') return
    if (above.includes(part)) throw new ConfigError('schema must not be recursive: the API cannot take one that is.')
    if (done.has(part)) return
    const inside = [...above, part]
    const { $ref } = part as JSONSchema
    if (typeof $ref === 'string') {
      const target = $ref === '#' ? root : at(root, $ref)
      if (!target) throw new ConfigError(`schema must hold what it refers to: ${$ref} leads nowhere in it.`)
      visit(target, inside)
    }
    for (const inner of Object.values(part)) visit(inner, inside)
    done.add(part)
  }
  visit(root, [])
}

function at(root: JSONSchema, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined
  const keys = ref
    .slice(2)
    .split('/')
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.reduce<unknown>(
    (part, key) => (Object.hasOwn(Object(part), key) ? (part as JSONSchema)[key] : undefined),
    root,
  )
}
