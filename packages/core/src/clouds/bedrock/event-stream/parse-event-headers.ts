import { StreamParseError } from '../../../errors/connection/stream-parse-error.ts'

/** How many bytes the values take whose length does not stand before them, by their type: truth, falsehood, integers … */
const fixedBytes: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16]
/** The type of texts. */
const text = 7

const decoder = /* @__PURE__ */ new TextDecoder()

/**
 * The headers of a message that are texts, which all of those are that say what a message is.
 *
 * @throws {StreamParseError} they end within one, or one is of a type that there is not
 */
export function parseEventHeaders(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  let at = 0
  const take = (length: number): Uint8Array => {
    const part = bytes.subarray(at, at + length)
    at += length
    if (part.length < length) throw new StreamParseError('The event stream is damaged: a header is cut off.')
    return part
  }
  while (at < bytes.length) {
    const name = decoder.decode(take(take(1)[0]!))
    const type = take(1)[0]!
    if (type >= fixedBytes.length) throw new StreamParseError(`An event stream has no headers of type ${type}.`)
    let length = fixedBytes[type]
    if (length === undefined) {
      const [high = 0, low = 0] = take(2)
      length = (high << 8) | low
    }
    const value = take(length)
    if (type === text) headers.set(name, decoder.decode(value))
  }
  return headers
}
