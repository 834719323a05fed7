/** A generator of numbers below 1 that gives the same row for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!
}

const encoder = new TextEncoder()
const encode = (texts: readonly string[]) => texts.map((text) => encoder.encode(text))
const fields = encode([
  'data',
  'data:',
  'data: ',
  'data: ',
  'event',
  'event: ',
  'id',
  'id: ',
  'retry: ',
  'dat',
  'datas: ',
  ':',
])
const values = [
  ...encode(['', '', 'x', 'ping', '17', '0', '1e3', ' ', '  ', ':', '\t', '\v', '\x7f', '{"a":1}', 'é', '€', '😀']),
  ...encode(['\0', '\ufeff', '\u2028', '\ufffd']),
  // Broken UTF-8: never a start, cut short, a surrogate, too long, half a byte order mark.
  ...[[0xff], [0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f], [0xed, 0xa0, 0x80], [0xc0, 0x8a], [0xef, 0xbb], [0xef]].map(
    (bytes) => Uint8Array.from(bytes),
  ),
]
const ends = encode(['\n', '\n', '\n', '\n\n', '\n\n', '\r', '\r\n', '\r\n\r\n', '\n\r', '\r\r'])
const pieces = [...fields, ...values, ...ends]

/** Bytes that are an event stream by half: fields, line ends of each kind, and anything in between. */
export function randomStream(random: () => number): Uint8Array {
  const parts = Array.from({ length: Math.floor(random() * 16) }, () => {
    const kind = random()
    if (kind < 0.6) return [pick(random, fields), pick(random, values), pick(random, ends)]
    return [kind < 0.95 ? pick(random, pieces) : Uint8Array.of(random() * 256)]
  })
  return concat(parts.flat())
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Cuts bytes at these places; each piece is a copy, which the caller may overwrite. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, n) => bytes.slice(ends[n - 1] ?? 0, end))
}

export function randomCuts(random: () => number, bytes: Uint8Array): Uint8Array[] {
  const count = Math.floor(random() * 5)
  return cutAt(
    bytes,
    Array.from({ length: count }, () => Math.floor(random() * (bytes.length + 1))),
  )
}
