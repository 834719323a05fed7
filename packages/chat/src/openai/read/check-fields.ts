import { OpenAIError, refuse } from '../openai-error.ts'

export type Fields = { readonly [name: string]: unknown }

/**
 * Refuses what cannot be translated, so that nothing is dropped in silence.
 *
 * @param read the fields that are read elsewhere
 * @param neutral the fields that cannot, each with the values that ask for nothing
 * @throws {OpenAIError} naming the first that is asked for
 */
export function checkFields(
  given: Fields,
  read: readonly string[],
  neutral: { readonly [name: string]: readonly unknown[] } = {},
  place = '',
): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || read.includes(name)) continue
    const param = `${place}${name}`
    if (!Object.hasOwn(neutral, name)) {
      throw new OpenAIError(`Unknown parameter: '${param}'.`, { param, code: 'unknown_parameter' })
    }
    const values = neutral[name]!
    if (values.some((one) => JSON.stringify(one) === JSON.stringify(value))) continue
    refuse(
      param,
      `must be ${values
        .map((one) => JSON.stringify(one))
        .concat('left out')
        .join(' or ')}: Claude has nothing like it.`,
    )
  }
}

export function fieldsOf(value: unknown, param: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(param, 'must be an object.', 'invalid_type')
  return value as Fields
}

export function listOf(value: unknown, param: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(param, 'must be a list.', 'invalid_type')
  return value
}

export function textOf(value: unknown, param: string): string {
  if (typeof value !== 'string') refuse(param, 'must be a text.', 'invalid_type')
  return value
}
