import { type FromJSONSchema, type JSONIssue, type JSONSchema, validateJSON } from '@enjamb/core'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { fitInput } from './fit-input.ts'

/**
 * What a coding tool takes: a JSON Schema, as which it is also written to JSON, and a Standard Schema that checks. Its
 * `validate` takes what models send instead of what was asked where the meaning is plain: numbers, booleans and lists as text
 * (`"1"`, `"false"`, `"[…]"`), `null` for what may be left out, one for a list of one.
 */
export interface CodingInput<Input> extends JSONSchema {
  readonly type: 'object'
  readonly properties: { readonly [name: string]: JSONSchema }
  readonly '~standard': StandardSchemaV1.Props<unknown, Input> & StandardJSONSchemaV1.Props<unknown, Input>
}

/** The type of what a coding tool gets. */
export type InputOf<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>

/** @param check what a JSON Schema cannot say; it gets input that fits the schema */
export function defineInput<const Schema extends JSONSchema & Pick<CodingInput<unknown>, 'type' | 'properties'>>(
  schema: Schema,
  check: (input: Loose<FromJSONSchema<Schema>>) => JSONIssue[] = () => [],
): CodingInput<Loose<FromJSONSchema<Schema>>> {
  type Input = Loose<FromJSONSchema<Schema>>
  const validate = (given: unknown): StandardSchemaV1.Result<Input> => {
    const value = fitInput(schema, given) as Input
    const faults = validateJSON(schema, value)
    const issues = faults.length ? faults : check(value)
    return issues.length ? { issues } : { value }
  }
  const toJSONSchema = () => ({ ...schema })
  const standard = {
    version: 1,
    vendor: 'enjamb',
    validate,
    jsonSchema: { input: toJSONSchema, output: toJSONSchema },
  } as const
  // Not enumerable, so that what is written to JSON is the schema alone.
  return Object.defineProperty({ ...schema }, '~standard', { value: standard }) as unknown as CodingInput<Input>
}

/** Fields that may be left out may be `undefined`, too. */
type Loose<T> = T extends readonly (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { [Key in keyof T]: Loose<T[Key]> | (Record<string, never> extends Pick<T, Key> ? undefined : never) }
    : T
