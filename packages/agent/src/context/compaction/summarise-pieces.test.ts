import fc from 'fast-check'
import { expect, it } from 'vitest'
import { takePiece } from './summarise-pieces.ts'

const bytes = (text: string) => new TextEncoder().encode(text).length

it('pieces have all that the texts have, in order, are no larger than they may be, and no character is cut in two', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 16, max: 80 }), (all, most) => {
      const pieces: string[] = []
      for (let rest = [...all]; rest.length; ) {
        const [piece, left] = takePiece(rest, most)
        pieces.push(piece)
        rest = left
      }
      // Several stand in one piece on lines of their own.
      expect(pieces.join('').replaceAll('\n', '')).toBe(all.join('').replaceAll('\n', ''))
      for (const piece of pieces) {
        expect(bytes(piece)).toBeLessThanOrEqual(most)
        expect(new TextDecoder().decode(new TextEncoder().encode(piece))).toBe(piece)
      }
    }),
  )
})
