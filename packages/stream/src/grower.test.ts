import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createGrower } from './grower.ts'

interface Texts {
  text?: string
  thinking?: string
}

it('gives what adding each piece to its text gives, whichever text comes next', () => {
  const runs = fc.array(
    fc.record({ target: fc.nat(2), field: fc.constantFrom('text', 'thinking'), pieces: fc.array(fc.string()) }),
  )
  fc.assert(
    fc.property(runs, fc.string(), (runs, begun) => {
      const grow = createGrower()
      const grown: Texts[] = [{}, { text: begun }, { thinking: begun }]
      const plain = structuredClone(grown)
      for (const { target, field, pieces } of runs) {
        for (const piece of [...pieces, ...pieces, ...pieces]) {
          grow(grown[target]!, field, piece)
          plain[target]![field] = (plain[target]![field] ?? '') + piece
          expect(grown).toEqual(plain)
        }
      }
    }),
  )
})

it('takes a piece that is no text as the language does', () => {
  const grow = createGrower()
  const grown: Texts = {}
  for (let n = 0; n < 20; n++) for (const piece of [1, null, undefined]) grow(grown, 'text', piece as unknown as string)
  expect(grown.text).toBe('1nullundefined'.repeat(20))
})
