import type { Buffer } from 'node:buffer'
import type { DocumentBlockParam, ToolResultContent } from '@enjamb/core'
import { countPages } from './count-pages.ts'
import { parsePages, takePages } from './pdf-pages.ts'

/** A request has room for 32 MB in all, and a document stays in the history. */
const maxDocumentBytes = 10 * 1024 * 1024
/** What pages can be taken out of. */
export const maxSplitBytes = 50 * 1024 * 1024
/** As many as models with a context window of 200,000 tokens take; there is no room for more in most conversations. */
const maxWholePages = 100

/** Is it the start of a PDF? */
export function isDocument(start: Buffer): boolean {
  return start.toString('latin1', 0, 5) === '%PDF-'
}

/**
 * A PDF as the model can see it, whole or the pages named. One that the API would refuse must not get into a history,
 * where it would fail every later request.
 *
 * @throws {Error} for the model: it is too large, needs a password, is broken or cut off, or has no such page
 * @see https://platform.claude.com/docs/en/build-with-claude/pdf-support
 */
export async function showDocument(
  bytes: Buffer,
  pages: string | undefined,
  signal: AbortSignal,
): Promise<ToolResultContent[]> {
  const wanted = pages === undefined ? undefined : parsePages(pages)
  if (bytes.length > (wanted ? maxSplitBytes : maxDocumentBytes)) throw tooLarge()
  if (!bytes.subarray(-2_048).includes('%%EOF')) throw new Error('The PDF is broken: its end is missing.')
  const text = bytes.toString('latin1')
  if (/\/Encrypt\s*(?:<<|\d+\s+\d+\s+R)/.test(text)) {
    throw new Error('The PDF is encrypted, and cannot be shown.')
  }
  if (wanted) {
    const { bytes: part, total } = await takePages(bytes, wanted, signal)
    if (part.length > maxDocumentBytes) throw tooLarge()
    return [toBlock(part), { type: 'text', text: `[Of ${total} pages: ${pages}.]` }]
  }
  const count = countPages(bytes)
  if (!hasStructure(text)) throw new Error('The PDF is broken: its parts cannot be found.')
  // Lists of objects may be packed in a way that we cannot read.
  if (!count && !text.includes('/ObjStm')) throw new Error('The PDF is broken: it has no page.')
  if (count > maxWholePages) {
    throw new Error(
      `The PDF has about ${count} pages, and ${maxWholePages} can be shown at once: say which with pages.`,
    )
  }
  return [toBlock(bytes)]
}

/**
 * Does its end say where the table of its parts begins, does one begin there, and do they have a root?
 *
 * @see ISO 32000-1, 7.5.5 (file trailer) and 7.5.8 (cross-reference streams)
 */
function hasStructure(text: string): boolean {
  const [, at] = /startxref\s+(\d{1,10})\s+%%EOF/.exec(text.slice(text.lastIndexOf('startxref'))) ?? []
  const start = Number(at)
  return /^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/.test(text.slice(start, start + 100)) && /\/Root\b/.test(text)
}

function tooLarge(): Error {
  return new Error(
    `The PDF has more than the ${maxDocumentBytes} bytes that can be shown: name fewer pages with pages.`,
  )
}

function toBlock(bytes: Buffer): DocumentBlockParam {
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: bytes.toString('base64') } }
}
