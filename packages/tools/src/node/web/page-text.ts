import type { Buffer } from 'node:buffer'
import { toMarkdown } from './html-to-markdown.ts'

const textTypes =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|x-yaml|toml|javascript|x-javascript|ecmascript|x-ndjson|jsonl)$)/

/** Why it cannot be shown as text, if so: by its media type, and by the bytes, since many a server calls anything text. */
export function whyNotText(contentType: string, start: Buffer): string | undefined {
  const mediaType = contentType.split(';')[0]!.trim().toLowerCase()
  const isUnknown = !mediaType || mediaType === 'application/octet-stream'
  if (!isUnknown && !textTypes.test(mediaType)) return `It is ${mediaType}`
  const isWide =
    markOf(start).startsWith('utf-16') || charset.exec(contentType)?.[1]?.toLowerCase().startsWith('utf-16')
  if (!isWide && start.subarray(0, 8_192).includes(0)) return 'It is binary'
  return
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

const charset = /charset\s*=\s*["']?([\w.:-]+)/i

/** By the byte order mark, what the server says, what the page says, or else as UTF-8. */
function decode(bytes: Buffer, contentType: string, html: boolean): string {
  const label = charset.exec(contentType)?.[1] ?? (html && charset.exec(bytes.toString('latin1', 0, 1_024))?.[1])
  try {
    return new TextDecoder(markOf(bytes) || label || 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

/** The encoding that a byte order mark names, or nothing. */
function markOf(bytes: Buffer): string {
  const mark = bytes.length > 1 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfeff) return 'utf-16be'
  if (mark === 0xfffe) return 'utf-16le'
  return bytes.indexOf('\ufeff') === 0 ? 'utf-8' : ''
}
