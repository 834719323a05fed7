import type { FromJSONSchema, JSONSchema } from '@enjamb/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A zod 4, valibot or arktype schema, or anything else of Standard Schema with JSON Schema; or a JSON Schema. */
export type InputSchema = StandardSchemaV1 | JSONSchema

/** What `run` gets: the type after the schema's defaults and transformations. */
export type InferInput<Schema extends InputSchema> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : FromJSONSchema<Schema>
