import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonParts, valueEnd } from './json-parts.ts'

it('finds the values that JSON.parse finds, however they are spaced', () => {
  const spaces = fc.constantFrom(undefined, 1, 2, '\t')
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
      spaces,
      (value, space) => {
        const text = `  ${JSON.stringify(value, null, space)} `
        expect(valueEnd(text, 2)).toBe(text.length - 1)
        const parts = jsonParts(text, 2).map(({ key, start, end }) => [key, JSON.parse(text.slice(start, end))])
        const parsed = JSON.parse(text)
        const expected = Array.isArray(parsed) ? parsed.map((one) => [undefined, one]) : Object.entries(parsed)
        // Names that look like indices come first in an object, not in its text.
        expect(parts).toHaveLength(expected.length)
        expect(parts).toEqual(expect.arrayContaining(expected))
      },
    ),
    { numRuns: 500 },
  )
})

it('is not led astray by what strings hold', () => {
  const odd = ['"', '\\', '\\"', '\\\\', ']', '},{', '[', '\\\\"]', '\n', '":"']
  const text = JSON.stringify(odd)
  expect(jsonParts(text, 0).map(({ start, end }) => JSON.parse(text.slice(start, end)))).toEqual(odd)
  const named = JSON.stringify(Object.fromEntries(odd.map((key) => [key, key])))
  expect(jsonParts(named, 0).map(({ key }) => key)).toEqual(odd)
})

it('holds out deep nesting and long texts', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  expect(jsonParts(deep, 0)).toEqual([{ key: undefined, start: 1, end: deep.length - 1 }])
  const long = JSON.stringify(['\\'.repeat(1_000_000), '"'.repeat(1_000_000), 'x'.repeat(5_000_000)])
  expect(jsonParts(long, 0)).toHaveLength(3)
})
