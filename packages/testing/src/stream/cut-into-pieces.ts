import type { Random } from '../random/create-random.ts'

const shortest = 2
const longest = 24

/** Cuts a text into pieces of a few tokens each: anywhere, in the middle of an escape too, but never inside a character. */
export function* cutIntoPieces(text: string, random: Random): Generator<string> {
  let start = 0
  while (start < text.length) {
    let end = start + shortest + Math.floor(random() * (longest - shortest + 1))
    const last = text.charCodeAt(end - 1)
    if (last >= 0xd800 && last <= 0xdbff) end++
    yield text.slice(start, end)
    start = end
  }
}
