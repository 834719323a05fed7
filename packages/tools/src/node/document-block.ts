import type { Buffer } from 'node:buffer'
import type { DocumentBlockParam } from '@enjamb/core'

/** A request has room for 32 MB in all, and a document stays in the history. */
export const maxDocumentBytes = 10 * 1024 * 1024

/** Is it the start of a PDF? */
export function isDocument(start: Buffer): boolean {
  return start.toString('latin1', 0, 5) === '%PDF-'
}

/**
 * A PDF as the model can see it. One that the API would refuse must not get into a history, where it would fail every
 * later request.
 *
 * @throws {Error} for the model: it is too large, needs a password, or is cut off
 */
export function toDocumentBlock(bytes: Buffer): DocumentBlockParam {
  if (bytes.length > maxDocumentBytes) {
    throw new Error(`The PDF has more than the ${maxDocumentBytes} bytes that can be shown. Split it.`)
  }
  if (!bytes.subarray(-2_048).includes('%%EOF')) throw new Error('The PDF is broken: its end is missing.')
  if (/\/Encrypt\s*(?:<<|\d+\s+\d+\s+R)/.test(bytes.toString('latin1'))) {
    throw new Error('The PDF is encrypted, and cannot be shown.')
  }
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: bytes.toString('base64') } }
}
