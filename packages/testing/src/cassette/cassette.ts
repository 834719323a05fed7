import { z } from 'zod'

/** Recorded exchanges, in the order in which the requests came. Kept as indented JSON, one chunk of a body a line. */
export interface Cassette {
  version: 1
  exchanges: CassetteExchange[]
}

export interface CassetteExchange {
  request: CassetteRequest
  response: CassetteResponse
}

/** A request as far as it decides the answer: of its headers, those with a say in it; redacted. */
export interface CassetteRequest {
  method: string
  /** With the query. */
  path: string
  headers: Record<string, string>
  /** The parsed JSON, else the text. */
  body?: unknown
}

export interface CassetteResponse {
  status: number
  headers: Record<string, string>
  chunks: CassetteChunk[]
  /** The connection broke after the last chunk. */
  cut?: boolean | undefined
}

/** What came at once, after so many milliseconds of silence: as text where it is whole UTF-8, else in base64. */
export type CassetteChunk = [waitMs: number, text: string] | [waitMs: number, base64: string, encoding: 'base64']

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

/** A cassette as text for a file, one chunk a line. */
export function formatCassette(cassette: Cassette): string {
  const chunks: string[] = []
  const json = JSON.stringify(
    cassette,
    (key, value: unknown) => {
      if (key !== 'chunks') return value
      // Put back below, where indenting cannot tear a chunk apart.
      return (value as CassetteChunk[]).map((chunk) => `\u0000${chunks.push(JSON.stringify(chunk)) - 1}`)
    },
    2,
  )
  return `${json.replace(/"\\u0000(\d+)"/g, (_, index: string) => chunks[Number(index)] ?? '')}\n`
}
