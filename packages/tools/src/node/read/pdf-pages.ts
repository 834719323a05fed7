import { Buffer } from 'node:buffer'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { countPages } from './count-pages.ts'

/** How many pages are shown at once. */
const maxPages = 20
const timeoutMs = 20_000
const maxHeapMb = 512
/** The largest array that it may make; what it writes of 50 MiB must fit. */
const maxPieceBytes = 60 * 1024 * 1024

/** Some pages of a PDF, as a document of their own. */
export interface PDFPages {
  bytes: Buffer
  /** How many the whole has. */
  total: number
}

/**
 * The numbers in a list such as "3", "2-5" or "1,4-6", from 1, in the order given.
 *
 * @throws {Error} for the model: it is no such list, or more than 20 pages
 */
export function parsePages(given: string): number[] {
  const pages: number[] = []
  for (const part of given.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part) ?? []
    if (!Number(first) || Number(last) < Number(first)) {
      throw new Error(`"${given}" is no list of pages: write "3", "2-5" or "1,4-6".`)
    }
    if (pages.length + Number(last) - Number(first) >= maxPages) {
      throw new Error(`Ask for at most ${maxPages} pages at once.`)
    }
    for (let page = Number(first); page <= Number(last); page++) pages.push(page)
  }
  return pages
}

/** @throws {Error} for the model: it has no such page, is broken, takes too long, or what takes it apart is not installed */
export async function takePages(bytes: Buffer, pages: readonly number[], signal: AbortSignal): Promise<PDFPages> {
  // Refuses what would unpack to more than the memory holds.
  countPages(bytes)
  const workerData = { library: findLibrary(), bytes, pages, maxPieceBytes }
  const { total, part, isTooMuch } = await runSplitter(workerData, signal)
  if (isTooMuch) throw new Error('The PDF unpacks to more than can be looked through.')
  if (part) return { bytes: Buffer.from(part), total }
  throw new Error(`The PDF has ${total} pages: not all of those you named are there.`)
}

function findLibrary(): string {
  try {
    return createRequire(import.meta.url).resolve('@cantoo/pdf-lib')
  } catch (cause) {
    throw new Error('To show single pages, the package @cantoo/pdf-lib must be installed.', { cause })
  }
}

interface Split {
  total: number
  /** `undefined` if a page is missing. */
  part?: Uint8Array
  /** It asked for a larger piece of memory than it may have. */
  isTooMuch?: boolean
}

/**
 * The library takes minutes on what is made to hold it up, and nothing else could run meanwhile; a thread can be ended.
 * It unpacks whatever is packed, by any method and several times over, into arrays that no limit of a thread counts.
 */
const splitter = `
  const { parentPort, workerData: { library, bytes, pages, maxPieceBytes } } = require('node:worker_threads')
  let isTooMuch = false
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct(target, args, made) {
      isTooMuch ||= args[0] > maxPieceBytes
      if (isTooMuch) throw new RangeError('It is too much.')
      return Reflect.construct(target, args, made)
    },
  })
  const { PDFDocument } = require(library)
  async function split() {
    const source = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
    const total = source.getPageCount()
    if (pages.some((page) => page > total)) return { total }
    const target = await PDFDocument.create()
    const indices = pages.map((page) => page - 1)
    for (const page of await target.copyPages(source, indices)) target.addPage(page)
    return { total, part: await target.save() }
  }
  split()
    .catch((error) => {
      if (!isTooMuch) throw error
    })
    .then((result) => parentPort.postMessage({ ...result, isTooMuch }))
`

async function runSplitter(workerData: object, signal: AbortSignal): Promise<Split> {
  const options = { eval: true, workerData, env: {}, execArgv: [], stdout: true, stderr: true }
  const worker = new Worker(splitter, { ...options, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } })
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  try {
    return await new Promise<Split>((resolve, reject) => {
      worker.once('message', resolve)
      // The library fails in many ways on what is broken, none of which helps the model.
      worker.once('error', (cause) =>
        reject(new Error('The PDF is broken: its pages cannot be told apart.', { cause })),
      )
      timer = setTimeout(() => reject(new Error('The PDF takes too long to take apart.')), timeoutMs)
      stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop)
      if (signal.aborted) stop()
    })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
