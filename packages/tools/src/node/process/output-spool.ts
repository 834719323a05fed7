import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOutputTail } from './output-tail.ts'

/** The beginning and the end of what a command has printed, and all of it in a file where that is more. */
export interface OutputSpool {
  /** Copies the bytes. */
  push(chunk: Uint8Array): void
  read(): ShownOutput
  /** Nothing more comes. */
  close(): void
}

/** What there is to show of an output. */
export interface ShownOutput {
  /** Its beginning, if something behind that is left out. */
  head?: string | undefined
  text: string
  /** How many bytes before the text, and behind the head, are left out. */
  dropped: number
  /** Where all of it is, if it could be written. */
  file?: string | undefined
}

/** Of what is shown, so much is the beginning, where the first error often stands. */
const headShare = 0.3
const maxFileBytes = 100_000_000

/**
 * Keeps what a result has room for. What is more goes to a file in the system's folder for temporary ones, up to 100 MB of it;
 * the last 20 files stay until this process ends.
 */
export function createOutputSpool(maxBytes: number): OutputSpool {
  const tail = createOutputTail(maxBytes)
  let early: Buffer[] = []
  let head: Buffer | undefined
  let file: SpoolFile | undefined
  return {
    push(chunk) {
      tail.push(chunk)
      if (head) return file?.write(chunk)
      early.push(Buffer.from(chunk))
      if (tail.total <= maxBytes) return
      const first = Buffer.concat(early)
      early = []
      head = Buffer.from(wholeLines(first.subarray(0, Math.floor(maxBytes * headShare))))
      file = openSpoolFile()
      file?.write(first)
    },
    read() {
      if (!head) return tail.read()
      return { head: head.toString(), file: file?.path, ...tail.read(head.length, maxBytes - head.length) }
    },
    close: () => file?.close(),
  }
}

/** Without a last line that is not complete; where there is no other, without a last character that is not. */
function wholeLines(bytes: Buffer): Buffer {
  const line = bytes.lastIndexOf('\n') + 1
  if (line) return bytes.subarray(0, line)
  let end = bytes.length
  while (end > 0 && (bytes[end - 1]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, Math.max(0, bytes.length > end ? end - 1 : end))
}

interface SpoolFile {
  path: string
  write(bytes: Uint8Array): void
  close(): void
}

const maxFiles = 20
const paths: string[] = []

function removeAll(): void {
  for (const path of paths) rmSync(path, { force: true })
}

/** `undefined` where none can be made. */
function openSpoolFile(): SpoolFile | undefined {
  const path = join(tmpdir(), `enjamb-output-${randomUUID()}.txt`)
  let fd: number | undefined
  try {
    fd = openSync(path, 'wx', 0o600)
  } catch {
    return
  }
  if (!paths.length) process.once('exit', removeAll)
  paths.push(path)
  if (paths.length > maxFiles) rmSync(paths.shift()!, { force: true })
  let room = maxFileBytes
  const close = () => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  return {
    path,
    write(bytes) {
      if (fd === undefined) return
      const some = bytes.subarray(0, room)
      room -= some.length
      try {
        for (let at = 0; at < some.length; ) at += writeSync(fd, some, at)
      } catch {
        // The disk is full, for one: what was written stays.
        room = 0
      }
      if (!room) close()
    },
    close,
  }
}
