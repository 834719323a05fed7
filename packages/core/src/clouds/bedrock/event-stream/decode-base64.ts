/** The value of each character, by its code; 64 for all others. */
const values = /* @__PURE__ */ (() => {
  const made = new Uint8Array(256).fill(64)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  for (let n = 0; n < 64; n++) made[alphabet.charCodeAt(n)] = n
  return made
})()

/**
 * Decodes base64 from bytes into bytes, as far as it goes: to the first character that is none, be that padding.
 *
 * @returns where that character stands in `source`, and where the written bytes end in `target`
 */
export function decodeBase64(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  at: number,
): { readonly end: number; readonly written: number } {
  let read = from
  let write = at
  for (const last = source.length - 3; read < last; read += 4) {
    const a = values[source[read]!]!
    const b = values[source[read + 1]!]!
    const c = values[source[read + 2]!]!
    const d = values[source[read + 3]!]!
    // One of them is 64 or more where one is no character of the alphabet.
    if ((a | b | c | d) > 63) break
    target[write++] = (a << 2) | (b >> 4)
    target[write++] = (b << 4) | (c >> 2)
    target[write++] = (c << 6) | d
  }
  let bits = 0
  let count = 0
  for (; read < source.length; read++) {
    const value = values[source[read]!]!
    if (value > 63) break
    bits = (bits << 6) | value
    count += 6
    if (count >= 8) {
      count -= 8
      target[write++] = bits >> count
    }
  }
  return { end: read, written: write }
}
