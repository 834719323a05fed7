import { type JSONSchema, type ToolInputSchema, type ToolParam, validateJSON } from '@enjamb/core'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { checkDefinition, checkInputSchema } from '#checks'
import type { InferInput, InputSchema } from './input-schema.ts'
import type { Tool, ToolContext } from './tool.ts'

/** What {@link defineTool} makes a tool of. */
export interface ToolOptions<Schema extends InputSchema>
  extends Pick<Tool, 'readOnly' | 'idempotent' | 'independent' | 'timeoutMs' | 'maxResultChars'> {
  /** 1 to 128 of `a-z A-Z 0-9 _ -`. */
  name: string
  /** What it does, when to use it and what it returns: the model sees nothing else of it. */
  description: string
  /** A Standard Schema that gives a JSON Schema, as of zod 4, arktype or valibot; or a JSON Schema. Always of an object. */
  input: Schema
  /**
   * Does the work. Text, content blocks, or any JSON value, which is serialised, go to the model; what it throws does so
   * too, as an error. It is called with input that fits the schema only. Blocks are sent as they are: one that the API
   * refuses, such as a broken image or one of more than 5 MiB, fails the next request and every one with that history.
   *
   * Left out for a tool of the client's, such as one that works in the user's browser: a session waits for its result.
   */
  run?(input: InferInput<Schema>, context: ToolContext): unknown
  /**
   * Further fields of the definition, such as `cache_control`, as the API names them; for `strict` there is `strictTool`.
   */
  wire?: Omit<ToolParam, 'type' | 'name' | 'description' | 'input_schema' | 'strict'>
}

/**
 * Declares a tool: what the model is told, how its input is checked, and what runs.
 *
 * @throws {ConfigError} the name is not one the API takes, the schema is not usable or has a `pattern` or a `$ref` that cannot
 * be followed, `wire` has `strict`, or an option is misspelt; in bundles for browsers during development only
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
 * @example
 * const weather = defineTool({
 *   name: 'weather',
 *   description: 'The weather in a city, now.',
 *   input: z.object({ city: z.string() }),
 *   readOnly: true,
 *   run: ({ city }) => `Sunny in ${city}`,
 * })
 */
export function defineTool<const Schema extends InputSchema>(options: ToolOptions<Schema>): Tool<InferInput<Schema>> {
  const { name, description, input, wire, ...rest } = options
  // A schema of a library may itself have a `type`, as zod's do.
  const standard = input?.['~standard'] as (StandardSchemaV1 & StandardJSONSchemaV1)['~standard'] | undefined
  const read = () => (standard ? standard.jsonSchema.input({ target: 'draft-2020-12' }) : (input as JSONSchema))
  const { $schema, ...schema } = checkInputSchema(name, read)
  checkDefinition(options, standard ? undefined : schema)
  const validate = (value: unknown) => {
    const issues = validateJSON(schema, value)
    return issues.length ? { issues } : { value }
  }
  return {
    ...rest,
    name,
    definition: { ...wire, name, description, input_schema: schema as ToolInputSchema },
    validate: (standard?.validate ?? validate) as Tool<InferInput<Schema>>['validate'],
  }
}
