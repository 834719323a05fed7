import type { Buffer } from 'node:buffer'
import { toMarkdown } from './html-to-markdown.ts'

const textTypes =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|x-yaml|toml|javascript|x-javascript|ecmascript|x-ndjson|jsonl)$)/

/** Can it be shown as text? By its media type, and where that says nothing, by the bytes. */
export function isText(mediaType: string, start: Buffer): boolean {
  if (textTypes.test(mediaType)) return true
  return (!mediaType || mediaType === 'application/octet-stream') && !start.subarray(0, 8_192).includes(0)
}

/**
 * The text of a page, HTML as Markdown. Bytes that are no characters are replaced.
 *
 * @throws {Error} for the model: the page cannot be read, or the optional peer `@mdream/js` is not installed
 */
export async function toPageText(bytes: Buffer, contentType: string, signal: AbortSignal): Promise<string> {
  const html = isHtml(contentType, bytes)
  const text = decode(bytes, contentType, html)
  return html ? toMarkdown(text, signal) : text
}

function isHtml(contentType: string, bytes: Buffer): boolean {
  if (/^(?:text\/html|application\/xhtml\+xml)/i.test(contentType)) return true
  return !contentType && /^\s*<(?:!doctype html|html|head|body)\b/i.test(bytes.toString('latin1', 0, 1_024))
}

/** By the byte order mark, what the server says, what the page says, or else as UTF-8. */
function decode(bytes: Buffer, contentType: string, html: boolean): string {
  const named = /charset\s*=\s*["']?([\w.:-]+)/i
  const label = named.exec(contentType)?.[1] ?? (html && named.exec(bytes.toString('latin1', 0, 1_024))?.[1])
  const mark = bytes.length > 1 ? bytes.readUInt16BE(0) : 0
  const marked =
    mark === 0xfeff ? 'utf-16be' : mark === 0xfffe ? 'utf-16le' : bytes.indexOf('\ufeff') === 0 ? 'utf-8' : ''
  try {
    return new TextDecoder(marked || label || 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}
