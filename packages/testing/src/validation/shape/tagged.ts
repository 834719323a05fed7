import { z } from 'zod'

type Options = Parameters<typeof z.discriminatedUnion>[1]

/** A union told apart by `type`; an unknown type is refused in the API's words. */
export function tagged(options: Options): z.ZodType {
  const tags = options.flatMap((option) => tagOf(option))
  return z.discriminatedUnion('type', options, {
    error: ({ code, input }) => (code === 'invalid_union' ? wrongTag(input, tags) : undefined),
  })
}

/** An object with this `type`, in any shape: the mock does not look inside. */
export function anyOfType(type: string) {
  return z.looseObject({ type: z.literal(type) })
}

function tagOf(option: unknown): string[] {
  const { type } = (option as z.ZodObject).shape
  const tag =
    type instanceof z.ZodLiteral ? type : (type as z.ZodOptional<z.ZodNullable<z.ZodLiteral>>).unwrap().unwrap()
  return [...(tag as z.ZodLiteral).values].map(String)
}

function wrongTag(input: unknown, tags: string[]): string {
  const type = (input as { type?: unknown } | undefined)?.type
  if (type === undefined) return 'Field required'
  const expected = tags.map((tag) => `'${tag}'`).join(', ')
  return `Input tag '${typeof type === 'string' ? type : JSON.stringify(type)}' found using 'type' does not match any of the expected tags: ${expected}`
}
