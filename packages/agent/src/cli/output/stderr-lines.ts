import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** What a program writes beside its output. */
export interface StderrLines {
  /** The whole lines that have come since it was asked last; at the end also one that is not. */
  take(isOver?: boolean): string | undefined
  /** The last of all that came. */
  readonly tail: string
}

const mostChars = 65_536

/** Keeps at most the last 64 Ki characters of what nobody has taken, and of all. */
export function stderrLines(stream: Readable | null): StderrLines {
  const decoder = new StringDecoder('utf8')
  let fresh = ''
  let tail = ''
  stream?.on('error', () => {})
  stream?.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk)
    fresh = (fresh + text).slice(-mostChars)
    tail = (tail + text).slice(-mostChars)
  })
  return {
    take(isOver = false) {
      const end = isOver ? fresh.length : fresh.lastIndexOf('\n') + 1
      const lines = fresh.slice(0, end)
      fresh = fresh.slice(end)
      return lines.trim() ? lines : undefined
    },
    get tail() {
      return tail
    },
  }
}
