import { Buffer } from 'node:buffer'

/**
 * The pieces of a stream of bytes between the delimiters, and the last one if it is not empty. For a piece of more than
 * `maxBytes` there is `undefined`; no more of it than that is ever held.
 */
export async function* splitOutput(
  chunks: AsyncIterable<Buffer>,
  delimiter: number,
  maxBytes: number,
): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = []
  let length = 0
  const add = (part: Buffer) => {
    length += part.length
    if (length > maxBytes) parts = []
    else parts.push(part)
  }
  const take = () => {
    const piece = length > maxBytes ? undefined : Buffer.concat(parts)
    parts = []
    length = 0
    return piece
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(delimiter); end >= 0; end = chunk.indexOf(delimiter, start)) {
      add(chunk.subarray(start, end))
      start = end + 1
      yield take()
    }
    add(chunk.subarray(start))
  }
  if (length) yield take()
}
