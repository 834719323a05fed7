import fc from 'fast-check'
import { expect, it } from 'vitest'
import { editDistance } from './edit-distance.ts'

/** As it is defined. */
function plainly(a: string, b: string): number {
  if (!a || !b) return a.length + b.length
  const [x, y] = [a.slice(1), b.slice(1)]
  return Math.min(plainly(x, b) + 1, plainly(a, y) + 1, plainly(x, y) + (a[0] === b[0] ? 0 : 1))
}

it('is the number of changes, up to the limit', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 })
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0, max: 5 }), (a, b, most) => {
      const all = plainly(a, b)
      expect(editDistance(a, b, most)).toBe(all > most ? Number.POSITIVE_INFINITY : all)
    }),
    { numRuns: 1_000 },
  )
})
