import { type Duplex, pipeline, Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type Inflate,
  type ZlibOptions,
} from 'node:zlib'

/** Both ends of what decodes a body: bytes are written to one, and read from the other. */
export interface ContentDecoder {
  readonly input: Duplex
  readonly output: Duplex
}

/** More are no honest answer, and each could blow up what the one before it gives. */
const maxCodings = 5

// What has arrived is given at once, and a body whose end is missing or followed by something is taken, as browsers do.
const flush: ZlibOptions = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const decoders: { readonly [coding: string]: () => Duplex } = {
  gzip: () => createGunzip(flush),
  'x-gzip': () => createGunzip(flush),
  deflate: createAnyInflate,
  br: () =>
    createBrotliDecompress({
      flush: constants.BROTLI_OPERATION_FLUSH,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    }),
}

/**
 * What undoes the codings of a `content-encoding` header; `undefined` where there are none, or one of them is unknown:
 * then the body is given as it came.
 *
 * @throws {Error} there are more than five
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function createContentDecoder(contentEncoding: string | null): ContentDecoder | undefined {
  const codings = contentEncoding?.toLowerCase().split(',') ?? []
  if (codings.length > maxCodings) throw new Error(`Too many content codings: ${codings.length}.`)
  // The last that was applied comes off first.
  const makers = codings
    .reverse()
    .map((coding) => Object.entries(decoders).find(([name]) => name === coding.trim())?.[1])
  const streams: Duplex[] = []
  for (const make of makers) {
    if (!make) return undefined
    streams.push(make())
  }
  const [input, output] = [streams[0], streams.at(-1)]
  if (!input || !output) return undefined
  // An error of one is given to all.
  if (streams.length > 1) pipeline(streams, () => {})
  return { input, output }
}

/** Servers that say `deflate` mean it with its header, as they should, or without. */
function createAnyInflate(): Duplex {
  let inflate: Inflate | undefined
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      if (!inflate) {
        inflate = (chunk[0]! & 15) === 8 ? createInflate(flush) : createInflateRaw(flush)
        inflate
          .on('data', (bytes) => this.push(bytes))
          .on('end', () => this.push(null))
          .on('error', (error) => this.destroy(error))
      }
      inflate.write(chunk, () => done())
    },
    final(done) {
      if (inflate) inflate.end()
      else this.push(null)
      done()
    },
    destroy(error, done) {
      inflate?.destroy()
      done(error)
    },
  })
}
