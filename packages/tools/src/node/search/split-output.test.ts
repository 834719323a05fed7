import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { splitOutput } from './split-output.ts'

async function split(chunks: Buffer[], maxBytes = 1_000) {
  const pieces: (string | undefined)[] = []
  const source = async function* () {
    yield* chunks
  }
  for await (const piece of splitOutput(source(), 0x0a, maxBytes)) pieces.push(piece?.toString())
  return pieces
}

it('finds the pieces that split finds, wherever the chunks end', async () => {
  const bytes = Buffer.from('one\n\ntwö 😀\n\nlast')
  for (let at = 0; at <= bytes.length; at++) {
    const pieces = await split([bytes.subarray(0, at), bytes.subarray(at)])
    expect(pieces, `${at}`).toEqual(['one', '', 'twö 😀', '', 'last'])
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', '\n') })), async (chunks) => {
      const expected = chunks.join('').split('\n')
      if (!expected.at(-1)) expected.pop()
      expect(await split(chunks.map((chunk) => Buffer.from(chunk)))).toEqual(expected)
    }),
  )
})

it('lets pieces go that are too long, and finds those after them', async () => {
  const chunks = ['ab', 'cd', 'e', '\nx\n', 'abcd\n', 'abcde'].map((chunk) => Buffer.from(chunk))
  expect(await split(chunks, 4)).toEqual([undefined, 'x', 'abcd', undefined])
})
