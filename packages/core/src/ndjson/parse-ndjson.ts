import { RequestAbortedError } from '../errors/connection/request-aborted-error.ts'
import { StreamParseError } from '../errors/connection/stream-parse-error.ts'
import { excerpt } from '../errors/redact.ts'
import { createByteBuffer } from './byte-buffer.ts'

/** Options of {@link parseNDJSON}. */
export interface ParseNDJSONOptions {
  /** The longest line taken, in bytes without its newline; a longer one is a `StreamParseError`. Default 128 MiB. */
  maxLineBytes?: number | undefined
  /** Gets each line that is not JSON, which is then passed over. Default: such a line ends the reading. */
  onUnparsed?: ((line: string) => void) | undefined
  /** Ends the reading at once, with `RequestAbortedError`, and cancels the body. */
  signal?: AbortSignal | undefined
}

const newline = 10

/**
 * Yields the value of each line of a body of newline-delimited JSON: batch results, the output of a program.
 *
 * Lines end with LF or CRLF, the last one need not; blank lines and a byte order mark are skipped; bytes that are not
 * UTF-8 become U+FFFD. The cost is linear in the bytes, also for one huge line in small chunks. The body is locked from
 * the first `next()`, read only when a value is asked for, and cancelled however the reading ends.
 *
 * @throws {StreamParseError} at a line that is not JSON (with its number and beginning), unless `onUnparsed` takes it, or too
 * long, after all earlier lines were yielded
 * @throws {RequestAbortedError} when `signal` is aborted
 * @throws whatever error the body ends with, after all whole lines before it were yielded
 * @see https://github.com/ndjson/ndjson-spec
 */
export async function* parseNDJSON(
  body: ReadableStream<Uint8Array>,
  { maxLineBytes = 128 * 1024 * 1024, onUnparsed, signal }: ParseNDJSONOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const reader = body.getReader()
  // A cancelled reader settles its pending read, which ends the loop below.
  const cancel = (reason: unknown) => void reader.cancel(reason).catch(() => {})
  const onAbort = () => cancel(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  let failure: unknown
  try {
    const lines = createLineReader(maxLineBytes, onUnparsed)
    while (true) {
      throwIfAborted(signal)
      const { done, value } = await reader.read()
      throwIfAborted(signal)
      for (const line of done ? lines.end() : lines.push(value)) {
        yield line.value
        throwIfAborted(signal)
      }
      if (done) return
    }
  } catch (error) {
    failure = error
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    cancel(failure)
    reader.releaseLock()
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new RequestAbortedError('The reading of JSON lines was aborted', { cause: signal.reason })
}

/** Cuts chunks into lines and parses them; what straddles chunks waits in one growing buffer. */
function createLineReader(maxLineBytes: number, onUnparsed: ParseNDJSONOptions['onUnparsed']) {
  const pending = createByteBuffer()
  // Decoding whole lines keeps the platform's fast path for UTF-8, which a streaming decoder leaves.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let number = 1

  function checkSize(length: number): void {
    if (length > maxLineBytes) throw new StreamParseError(`Line ${number} is longer than ${maxLineBytes} bytes`)
  }

  function takeLine(last: Uint8Array): { value: unknown } | undefined {
    checkSize(pending.length + last.length)
    if (pending.length > 0) pending.append(last)
    const text = decoder.decode(pending.length > 0 ? pending.view() : last)
    pending.clear()
    const line = number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
    const result = /[^ \t\r]/.test(line) ? parseJSON(line, number, onUnparsed) : undefined
    number++
    return result
  }

  return {
    *push(chunk: Uint8Array) {
      let from = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        const line = takeLine(chunk.subarray(from, end))
        from = end + 1
        if (line) yield line
      }
      const rest = chunk.subarray(from)
      checkSize(pending.length + rest.length)
      pending.append(rest)
    },
    *end() {
      const line = takeLine(new Uint8Array(0))
      if (line) yield line
    },
  }
}

function parseJSON(
  line: string,
  number: number,
  onUnparsed: ParseNDJSONOptions['onUnparsed'],
): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) }
  } catch {
    // Without its cause: the platform's error repeats the text, which may hold anything.
    if (!onUnparsed) throw new StreamParseError(`Line ${number} is not JSON: ${JSON.stringify(excerpt(line))}`)
  }
  onUnparsed(line)
  return undefined
}
