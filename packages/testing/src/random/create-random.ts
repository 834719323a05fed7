import { hash } from './hash.ts'

/** A source of numbers in [0, 1). */
export type Random = () => number

/** Mulberry32: the same numbers for the same seed, so that a run can be repeated. */
export function createRandom(seed: string): Random {
  let state = hash(seed) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Numbers from the platform's own generator: two processes never share them. */
export function createTrueRandom(): Random {
  // Asked for many at a time: one by one they cost more than all else that an id takes.
  const words = new Uint32Array(256)
  let used = words.length
  return () => {
    if (used === words.length) {
      crypto.getRandomValues(words)
      used = 0
    }
    return (words[used++] ?? 0) / 4294967296
  }
}
