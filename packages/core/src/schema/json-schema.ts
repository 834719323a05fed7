/** A JSON Schema as far as this package reads one; keywords it does not know are passed on to the model. */
export interface JSONSchema {
  readonly [keyword: string]: unknown
}

declare const input: unique symbol

/** A JSON Schema with the type of what it accepts on it. */
export interface TypedJSONSchema<Input> extends JSONSchema {
  readonly type: 'object'
  readonly [input]?: Input
}

/**
 * Says which type a JSON Schema accepts, where it is not written out as a literal (it was loaded, or built).
 *
 * @example
 * defineTool({ name: 'find', description: '…', input: jsonSchema<{ text: string }>(loaded), run: ({ text }) => text })
 */
export function jsonSchema<Input>(schema: JSONSchema): TypedJSONSchema<Input> {
  return schema as TypedJSONSchema<Input>
}

/**
 * The type that a JSON Schema literal accepts. It follows `type`, `properties`, `required`, `items`, `enum`, `const`,
 * `anyOf` and `oneOf`; anything else is `unknown`.
 */
export type FromJSONSchema<Schema> =
  Schema extends TypedJSONSchema<infer Input>
    ? unknown extends Input
      ? FromLiteral<Schema>
      : Input
    : FromLiteral<Schema>

type FromLiteral<Schema> = Schema extends { const: infer Value }
  ? Value
  : Schema extends { enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { anyOf: readonly (infer Branch)[] }
      ? FromLiteral<Branch>
      : Schema extends { oneOf: readonly (infer Branch)[] }
        ? FromLiteral<Branch>
        : Schema extends { type: readonly (infer Name)[] }
          ? FromType<Name, Schema>
          : Schema extends { type: infer Name }
            ? FromType<Name, Schema>
            : unknown

type FromType<Name, Schema> = Name extends 'string'
  ? string
  : Name extends 'number' | 'integer'
    ? number
    : Name extends 'boolean'
      ? boolean
      : Name extends 'null'
        ? null
        : Name extends 'array'
          ? Schema extends { items: infer Item }
            ? FromLiteral<Item>[]
            : unknown[]
          : Name extends 'object'
            ? FromObject<Schema>
            : unknown

type FromObject<Schema> = Schema extends { properties: infer Properties }
  ? Flat<
      { -readonly [Key in keyof Properties & RequiredKey<Schema>]: FromLiteral<Properties[Key]> } & {
        -readonly [Key in Exclude<keyof Properties, RequiredKey<Schema>>]?: FromLiteral<Properties[Key]>
      }
    >
  : Schema extends { additionalProperties: infer Value extends JSONSchema }
    ? { [key: string]: FromLiteral<Value> }
    : { [key: string]: unknown }

type RequiredKey<Schema> = Schema extends { required: readonly (infer Key)[] } ? Key : never

type Flat<T> = { [Key in keyof T]: T[Key] }
