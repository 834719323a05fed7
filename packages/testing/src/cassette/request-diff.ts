import type { CassetteRequest } from './cassette.ts'

/** Where two requests differ, a line for each place; empty where they are equal. */
export function requestDiff(expected: CassetteRequest, actual: CassetteRequest): string[] {
  return differences('', expected, actual)
}

function differences(place: string, expected: unknown, actual: unknown): string[] {
  if (isTree(expected) && isTree(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)])
    return [...keys].flatMap((key) => differences(place === '' ? key : `${place}.${key}`, expected[key], actual[key]))
  }
  return Object.is(expected, actual) ? [] : [`${place}: recorded ${shown(expected)}, now ${shown(actual)}`]
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value)
  return json.length > 200 ? `${json.slice(0, 200)}…` : json
}
