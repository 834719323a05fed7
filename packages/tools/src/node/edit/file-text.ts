import { Buffer } from 'node:buffer'

/** The content of a text file, in a form that can be changed in parts without touching the rest. */
export interface FileText {
  /** A character for every byte, or for every two in UTF-16, so that even what is not valid stays as it is. */
  text: string
  /** Brings new text into that form. */
  encode(text: string): string
  toBytes(text: string): Buffer
}

/**
 * Reads UTF-8, or UTF-16 with a byte order mark, which becomes a part of the text.
 *
 * @throws {Error} for the model: the file is binary
 */
export function toFileText(bytes: Buffer): FileText {
  const mark = bytes.length > 1 && bytes.length % 2 === 0 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfffe || mark === 0xfeff) {
    const turn = (some: Buffer) => (mark === 0xfeff ? some.swap16() : some)
    return {
      text: turn(Buffer.from(bytes)).toString('utf16le'),
      encode: (text) => text,
      toBytes: (text) => turn(Buffer.from(text, 'utf16le')),
    }
  }
  if (bytes.subarray(0, 8_192).includes(0)) throw new Error('The file is binary: only text can be changed.')
  return {
    text: bytes.toString('latin1'),
    encode: (text) => Buffer.from(text).toString('latin1'),
    toBytes: (text) => Buffer.from(text, 'latin1'),
  }
}
