import type { FileHandle } from 'node:fs/promises'

export interface LineRange {
  /** From 1. */
  first: number
  count: number
  /** A longer line is cut. */
  maxChars: number
}

export interface LinesRead {
  lines: string[]
  /** There are lines after these. */
  more: boolean
  binary: boolean
}

const chunkBytes = 65_536

/** Reads some lines of a file, and no more of the file than up to their end; a line of any length takes bounded memory. */
export async function readLines(file: FileHandle, range: LineRange, signal: AbortSignal): Promise<LinesRead> {
  const { first, count, maxChars } = range
  const decoder = new TextDecoder()
  const chunk = new Uint8Array(chunkBytes)
  const lines: string[] = []
  let number = 1
  let line = ''
  let length = 0
  const endLine = () => {
    if (number++ >= first) {
      const text = line.replace(/\r$/, '')
      lines.push(length > maxChars ? `${text} [line cut: it has ${length} characters]` : text)
    }
    line = ''
    length = 0
  }
  for (let position = 0; ; ) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position)
    const bytes = chunk.subarray(0, bytesRead)
    if (position === 0 && bytes.subarray(0, 8_192).includes(0)) return { lines, more: false, binary: true }
    position += bytesRead
    const pieces = decoder.decode(bytes, { stream: bytesRead > 0 }).split('\n')
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) endLine()
      if (lines.length === count && (piece || index < pieces.length - 1)) return { lines, more: true, binary: false }
      line = (line + piece).slice(0, maxChars)
      length += piece.length
    }
    if (bytesRead === 0) {
      if (length > 0) endLine()
      return { lines, more: false, binary: false }
    }
  }
}
