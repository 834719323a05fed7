import { damaged, tooLarge } from './import-failures.ts'

/** Takes a file apart as it is unpacked. Each of these throws a {@link SessionImportError} where it ends before. */
export interface ByteReader {
  /** The bytes up to the next line feed, as text. */
  line(): Promise<string>
  /** The next bytes, so many. */
  take(length: number): Promise<Uint8Array>
  /** Sees to it that nothing more comes, and that it was unpacked whole. */
  end(): Promise<void>
  /** Unpacks no further. */
  cancel(): Promise<void>
}

/** @param maxBytes how many may come of it */
export function createByteReader(packed: Uint8Array, maxBytes: number): ByteReader {
  const bytes = new Blob([packed as Uint8Array<ArrayBuffer>]).stream()
  const source = bytes.pipeThrough(new DecompressionStream('gzip')).getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let chunk: Uint8Array = new Uint8Array()
  let left = maxBytes

  /** Whether there is more. */
  async function next(): Promise<boolean> {
    const { value, done } = await source.read().catch((error) => {
      throw damaged(error)
    })
    chunk = value ?? new Uint8Array()
    left -= chunk.length
    if (left < 0) throw tooLarge(maxBytes)
    return !done
  }

  function cut(length: number): Uint8Array {
    const part = chunk.subarray(0, length)
    chunk = chunk.subarray(length)
    return part
  }

  return {
    async line() {
      const parts: Uint8Array[] = []
      for (;;) {
        const at = chunk.indexOf(10)
        parts.push(cut(at < 0 ? chunk.length : at))
        if (at >= 0) break
        if (!(await next())) throw damaged()
      }
      cut(1)
      try {
        return decoder.decode(join(parts))
      } catch (error) {
        throw damaged(error)
      }
    },
    async take(length) {
      // Before room is made for what may never come.
      if (length > left + chunk.length) throw tooLarge(maxBytes)
      const parts: Uint8Array[] = []
      for (let missing = length; missing; ) {
        if (!chunk.length && !(await next())) throw damaged()
        const part = cut(missing)
        parts.push(part)
        missing -= part.length
      }
      return join(parts)
    },
    async end() {
      while (!chunk.length) if (!(await next())) return
      throw damaged()
    },
    cancel: () => source.cancel().catch(() => {}),
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
