import { Buffer } from 'node:buffer'

/** The content of a text file, in a form that can be changed in parts without touching the rest. */
export interface FileText {
  /** A character for every byte, or for every two in UTF-16, so that even what is not valid stays as it is. */
  text: string
  /** Brings other text into that form, to look for it. */
  encode(text: string): string
  /**
   * The same for text that is to be put in.
   *
   * @throws {Error} for the model: the file is in another encoding, in which we cannot write
   */
  encodeNew(text: string): string
  /** May a change begin there? Not in the middle of what may be a character, in an encoding that we do not know. */
  mayStart(at: number): boolean
  toBytes(text: string): Buffer
}

/** The form that a text file has beside its words. */
export interface TextForm {
  /** `other`: neither UTF-8 nor UTF-16 with a byte order mark. */
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'other'
  /** Does it begin with a byte order mark? */
  isMarked: boolean
  /** Do most of its lines end as on Windows? */
  isWindows: boolean
}

/** `undefined` for what is no text. */
export function formOf(bytes: Buffer): TextForm | undefined {
  const mark = bytes.length > 1 && bytes.length % 2 === 0 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfffe || mark === 0xfeff) {
    const encoding = mark === 0xfeff ? 'utf-16be' : 'utf-16le'
    return { encoding, isMarked: true, isWindows: isWindows(decodeWide(bytes, encoding)) }
  }
  if (bytes.subarray(0, 8_192).includes(0)) return
  return {
    encoding: isUtf8(bytes) ? 'utf-8' : 'other',
    isMarked: bytes.indexOf('\ufeff') === 0,
    isWindows: isWindows(bytes.toString('latin1')),
  }
}

/** Do more than half of the line breaks have a carriage return? */
export function isWindows(text: string): boolean {
  let [all, windows] = [0, 0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    all++
    if (text[at - 1] === '\r') windows++
  }
  return windows > all / 2
}

/**
 * Text as a file of that form has it: with its byte order mark, its encoding, and, where the text has no carriage returns of its
 * own, its kind of line breaks.
 *
 * @throws {Error} for the model: the form cannot hold it
 */
export function toForm(text: string, form: TextForm): Buffer {
  if (form.encoding === 'other') refuseForeign(text)
  const lines = form.isWindows && !text.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text
  const whole = form.isMarked && !lines.startsWith('\ufeff') ? `\ufeff${lines}` : lines
  return form.encoding.startsWith('utf-16') ? encodeWide(whole, form.encoding) : Buffer.from(whole)
}

/**
 * Reads UTF-8, or UTF-16 with a byte order mark, which becomes a part of the text. A file in another encoding takes ASCII
 * alone, which nearly all of them share, since one with two encodings in it could not be read any more.
 *
 * @throws {Error} for the model: the file is binary
 */
export function toFileText(bytes: Buffer): FileText {
  const form = formOf(bytes)
  if (!form) throw new Error('The file is binary: only text can be changed.')
  const { encoding } = form
  if (encoding.startsWith('utf-16')) {
    return {
      text: decodeWide(bytes, encoding),
      encode: (some) => some,
      encodeNew: (some) => some,
      mayStart: () => true,
      toBytes: (text) => encodeWide(text, encoding),
    }
  }
  const text = bytes.toString('latin1')
  const isOther = encoding === 'other'
  const encode = (some: string) => Buffer.from(some).toString('latin1')
  return {
    text,
    encode,
    encodeNew: (some) => {
      if (isOther) refuseForeign(some)
      return encode(some)
    },
    // In some, such as Shift-JIS, a letter or a backslash may be the second half of a character.
    mayStart: (at) => !isOther || at === 0 || text.charCodeAt(at - 1) < 0x80,
    toBytes: (some) => Buffer.from(some, 'latin1'),
  }
}

function refuseForeign(text: string): void {
  if (/^[\0-\x7f]*$/.test(text)) return
  throw new Error(
    'The file is in another encoding than UTF-8: other characters than ASCII cannot be written into it. Convert it first, as with iconv, or leave them out.',
  )
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function decodeWide(bytes: Buffer, encoding: string): string {
  return (encoding === 'utf-16be' ? Buffer.from(bytes).swap16() : bytes).toString('utf16le')
}

function encodeWide(text: string, encoding: string): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16be' ? bytes.swap16() : bytes
}
