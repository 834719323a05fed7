import { z } from 'zod'
import type { Cassette } from './cassette.ts'

const request = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown().optional(),
})
const response = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  chunks: z.array(z.union([z.tuple([z.number(), z.string()]), z.tuple([z.number(), z.string(), z.literal('base64')])])),
  cut: z.boolean().optional(),
})
const schema = z.object({ version: z.literal(1), exchanges: z.array(z.object({ request, response })) })

/** @throws {Error} where the text is no cassette */
export function parseCassette(text: string, name: string): Cassette {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${name} is not a cassette: ${(cause as Error).message}`, { cause })
  }
  const { data, error } = schema.safeParse(value)
  if (error) throw new Error(`${name} is not a cassette: ${z.prettifyError(error)}`, { cause: error })
  return data as Cassette
}
