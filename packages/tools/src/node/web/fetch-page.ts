import { Buffer } from 'node:buffer'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createUnzip } from 'node:zlib'
import { version } from '@enjamb/core'
import { type GetOptions, httpGet } from './http-get.ts'
import { toPageText, whyNotText } from './page-text.ts'

export interface Page {
  text: string
  /** Was it too long to be read to its end? */
  cut: boolean
  redirect?: undefined
}

/** What is at an address: a page, or a redirect to another host. */
export type Fetched = Page | { redirect: string }

export interface PageOptions extends Omit<GetOptions, 'headers'> {
  /** The size at which a page is cut, unpacked. */
  maxBytes: number
}

const maxRedirects = 10
const maxUrlLength = 4_096

/**
 * Gets a page as text. Redirects are followed on the same host, `www.` or not, and from `http` to `https`; every step
 * is checked as the first one is.
 *
 * @throws {Error} for the model: the address is none, is not allowed or cannot be reached; the server answers with an
 *   error; or it is nothing to read
 */
export async function fetchPage(address: string, options: PageOptions): Promise<Fetched> {
  let url = parseURL(address)
  for (let step = 0; step <= maxRedirects; step++) {
    const response = await httpGet(url, {
      ...options,
      headers: {
        accept: 'text/markdown, text/html;q=0.9, text/plain;q=0.8, */*;q=0.5',
        // Not deflate, which servers take for two different things.
        'accept-encoding': 'gzip, br',
        'user-agent': `enjamb/${version}`,
      },
    })
    try {
      const status = response.statusCode ?? 0
      const { location } = response.headers
      if (status >= 300 && status < 400 && location) {
        // Node reads a header as Latin-1, and what is not ASCII in an address is UTF-8.
        const next = parseURL(Buffer.from(location, 'latin1').toString(), url)
        if (!isSameHost(url, next)) return { redirect: next.href }
        url = next
        continue
      }
      if (status !== 200) throw new Error(`${url.host} answers ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd())
      return await readPage(url, response, options)
    } finally {
      response.destroy()
    }
  }
  throw new Error(`${url.host} redirects more than ${maxRedirects} times.`)
}

/** @throws {Error} for the model: it is not the address of a page */
export function parseURL(address: string, base?: URL): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > maxUrlLength) {
    throw new Error(
      `${base ? `${base.host} redirects to what` : 'It'} is not an http or https address: ${address.slice(0, 200)}`,
    )
  }
  if (url.username || url.password) throw new Error('An address with a user name or a password is not used.')
  url.hash = ''
  return url
}

function isSameHost(from: URL, to: URL): boolean {
  const name = (url: URL) => url.host.replace(/^www\./, '')
  return name(from) === name(to) && (from.protocol === to.protocol || to.protocol === 'https:')
}

async function readPage(url: URL, response: IncomingMessage, options: PageOptions): Promise<Fetched> {
  const { maxBytes, signal } = options
  const contentType = response.headers['content-type'] ?? ''
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of bodyOf(response, url)) {
    const problem = size ? undefined : whyNotText(contentType, chunk)
    if (problem) throw new Error(`${problem}: nothing to read. An image or a PDF can be saved to a file, for Read.`)
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBytes) break
  }
  const bytes = Buffer.concat(chunks)
  return { text: await toPageText(bytes.subarray(0, maxBytes), contentType, signal), cut: size > maxBytes }
}

async function* bodyOf(response: IncomingMessage, { host }: URL): AsyncGenerator<Buffer> {
  const body = unpacked(response)
  try {
    yield* body
  } catch (cause) {
    throw new Error(`What ${host} sends breaks off or is packed wrongly.`, { cause })
  }
}

function unpacked(response: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? ''
  let unpack: Transform
  if (/^(?:x-)?gzip$|^deflate$/.test(encoding)) unpack = createUnzip()
  else if (encoding === 'br') unpack = createBrotliDecompress()
  else if (!encoding || encoding === 'identity') return response
  else throw new Error(`The page is packed in a way that is not known: ${encoding.slice(0, 50)}.`)
  // Whatever goes wrong, reading throws it.
  return pipeline(response, unpack, () => {})
}
