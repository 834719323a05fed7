/** Tables for four bytes at a time: for byte `i` of the four, the 256 entries from `256 * i` on. */
let tables: Uint32Array | undefined

function makeTables(): Uint32Array {
  const made = new Uint32Array(1024)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    made[n] = c
  }
  for (let n = 0; n < 768; n++) made[n + 256] = (made[n]! >>> 8) ^ made[made[n]! & 0xff]!
  return made
}

/**
 * The CRC-32 of ISO 3309, which zip and PNG have, too.
 *
 * @param from the CRC of what came before
 */
export function crc32(bytes: Uint8Array, from = 0): number {
  tables ??= makeTables()
  const t = tables
  let crc = ~from
  let at = 0
  // Four bytes in one step take less than half the time of four steps.
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    crc = t[768 + (crc & 0xff)]! ^ t[512 + ((crc >>> 8) & 0xff)]! ^ t[256 + ((crc >>> 16) & 0xff)]! ^ t[crc >>> 24]!
  }
  for (; at < bytes.length; at++) crc = t[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}
