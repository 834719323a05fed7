import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findAll } from './find-all.ts'

it('finds what indexOf finds, one after the other', () => {
  const few = fc.string({ unit: fc.constantFrom('a', 'b', '\n') })
  fc.assert(
    fc.property(
      few,
      fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 5 }),
      (text, wanted) => {
        const expected: number[] = []
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) expected.push(at)
        expect(findAll(text, wanted)).toEqual(expected)
      },
    ),
    { numRuns: 500 },
  )
})

it('takes time by the length of the text alone, where indexOf takes minutes', () => {
  const part = 'a'.repeat(20_000)
  const text = 'a'.repeat(5_000_000)
  expect(findAll(text, `${part}b${part}`)).toEqual([])
})
