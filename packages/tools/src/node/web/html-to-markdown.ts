import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

const maxHeapMb = 512

/**
 * The library is quick on what people write, and takes minutes on what is made to hold it up; a thread can be ended. It
 * also fails on rows and cells outside of a table, which the web is full of: then the page is read without its tables.
 */
const converter = `
  const { parentPort, workerData: { library, html } } = require('node:worker_threads')
  const tableTags = /<\\/?(?:table|thead|tbody|tfoot|tr|th|td|caption|colgroup|col)\\b[^<>]*>/gi
  import(library).then(({ htmlToMarkdown }) => {
    try {
      return htmlToMarkdown(html)
    } catch {
      return htmlToMarkdown(html.replace(tableTags, ' '))
    }
  }).then((markdown) => parentPort.postMessage(markdown))
`

/**
 * HTML as Markdown: what there is to read, without scripts, styles and images that are written out in the page.
 *
 * @throws {Error} for the model: the page cannot be read, or the optional peer `@mdream/js` is not installed
 */
export async function toMarkdown(html: string, signal: AbortSignal): Promise<string> {
  const markdown = await convert({ library: findLibrary(), html }, signal)
  // It matches without an end, too, since it would look for that one again and again in a text made of beginnings.
  return markdown.replace(/\]\(<?data:[^\s)>]*(>?\))?/g, (all, end) => (end ? '](data:)' : all)).trim()
}

function findLibrary(): string {
  try {
    return createRequire(import.meta.url).resolve('@mdream/js')
  } catch (cause) {
    throw new Error('To read HTML, the package @mdream/js must be installed.', { cause })
  }
}

async function convert(workerData: object, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const options = { eval: true, workerData, env: {}, execArgv: [], stdout: true, stderr: true }
  const worker = new Worker(converter, { ...options, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } })
  let stop = () => {}
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (cause) => reject(new Error('The page is broken: it cannot be read.', { cause })))
      stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop)
    })
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
