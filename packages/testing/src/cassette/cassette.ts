/** Recorded exchanges, in the order in which the requests came. Kept as indented JSON, one chunk of a body a line. */
export interface Cassette {
  version: 1
  exchanges: CassetteExchange[]
}

/** A request, and what answered it. */
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

/** An answer as it came, in its chunks. */
export interface CassetteResponse {
  status: number
  headers: Record<string, string>
  chunks: CassetteChunk[]
  /** The connection broke after the last chunk. */
  cut?: boolean | undefined
}

/** What came at once, after so many milliseconds of silence: as text where it is whole UTF-8, else in base64. */
export type CassetteChunk = [waitMs: number, text: string] | [waitMs: number, base64: string, encoding: 'base64']

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
