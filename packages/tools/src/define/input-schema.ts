import type { ToolInputSchema } from '@enjamb/core'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { checkInputSchema } from '#checks'
import type { FromJSONSchema, JSONSchema } from './json-schema.ts'
import { validateJSON } from './validate-json.ts'

/** A zod 4, valibot or arktype schema, or anything else of Standard Schema with JSON Schema; or a JSON Schema. */
export type InputSchema = StandardSchemaV1 | JSONSchema

/** What `run` gets: the type after the schema's defaults and transformations. */
export type InferInput<Schema extends InputSchema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : FromJSONSchema<Schema>

interface ReadSchema<Input> {
  schema: ToolInputSchema
  validate(input: unknown): StandardSchemaV1.Result<Input> | Promise<StandardSchemaV1.Result<Input>>
}

/**
 * Turns any input schema into what the request says and what checks the model's input.
 *
 * @throws {ConfigError} there is no JSON Schema to be had, or it is not one of an object
 */
export function readInputSchema<Input>(name: string, given: InputSchema): ReadSchema<Input> {
  // A schema of a library may itself have a `type`, as zod's do.
  const standard = given?.['~standard'] as (StandardSchemaV1 & StandardJSONSchemaV1)['~standard'] | undefined
  const read = () => (standard ? standard.jsonSchema.input({ target: 'draft-2020-12' }) : (given as JSONSchema))
  const { $schema, ...schema } = checkInputSchema(name, read)
  const validate = (input: unknown) => {
    const issues = validateJSON(schema, input)
    return issues.length ? { issues } : { value: input as Input }
  }
  return {
    schema: schema as ToolInputSchema,
    validate: (standard?.validate as ReadSchema<Input>['validate']) ?? validate,
  }
}
