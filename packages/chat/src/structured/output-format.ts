import { type MessageParams, toStrictSchema } from '@enjamb/core'
import type { Reply } from '../reply.ts'
import { type OutputOf, type OutputSchema, readSchema } from './output-schema.ts'
import { mismatch, readOutput, type Spent } from './read-output.ts'

/** How an answer is held to a schema, for layers that make their requests in another way. */
export interface OutputFormat<T> {
  /** For `output_config.format` of the request. */
  format: NonNullable<NonNullable<MessageParams['output_config']>['format']>
  /**
   * The value of an answer.
   *
   * @throws {MaxOutputTokensError} it was cut off
   * @throws {RefusalError} the model declined
   * @throws {SchemaMismatchError} it does not fit
   */
  read(reply: Reply, spent?: Spent): Promise<T>
}

/** @throws {ConfigError} the schema has no form as a JSON Schema, or one that the API cannot take */
export function outputFormat<const Schema extends OutputSchema>(schema: Schema): OutputFormat<OutputOf<Schema>> {
  const { json, check } = readSchema(schema)
  return {
    format: { type: 'json_schema', schema: toStrictSchema(json) },
    async read(reply, spent = reply) {
      const outcome = await readOutput({ check, written: ({ text }) => ({ json: text }) }, reply, spent)
      if (outcome.issues) throw mismatch(outcome.issues, reply.message, spent)
      return outcome.value as OutputOf<Schema>
    },
  }
}
