import { invalidRequest } from '../errors/rejection.ts'
import { findLoneSurrogate } from './find-lone-surrogate.ts'

/** The text of a body, with what it is as JSON, or why it is none. */
export interface ParsedBody {
  /** The parsed JSON; the text where it is none; `undefined` without a body. */
  value: unknown
  problem: string | undefined
}

export function parseBody(text: string): ParsedBody {
  try {
    const value: unknown = JSON.parse(text)
    const lone = findLoneSurrogate(text)
    return { value, problem: lone === undefined ? undefined : `no low surrogate in string: ${placeOf(text, lone)}` }
  } catch (error) {
    return { value: text === '' ? undefined : text, problem: (error as Error).message }
  }
}

/** @throws {Rejection} 400 where the body is not a JSON object */
export function objectOf({ value, problem }: ParsedBody): Record<string, unknown> {
  if (problem !== undefined) throw invalidRequest(`The request body is not valid JSON: ${problem}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('Input should be a valid dictionary')
  }
  return value as Record<string, unknown>
}

function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  return `line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1} (char ${at})`
}
