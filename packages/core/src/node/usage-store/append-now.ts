import { closeSync, constants, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { isSeal } from './usage-log-entry.ts'

/**
 * Appends a line to a file of the log before it returns, and looks whether it counts there.
 *
 * @param from up to where there is known to be no seal
 * @returns the whole file where the line stands behind a seal; `undefined` where the file is gone
 */
export function appendNow(
  path: string,
  line: string,
  from: number,
  fsync: boolean,
): 'counts' | { text: string } | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDWR | constants.O_APPEND)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    writeSync(file, `${line}\n`)
    let lines = readFrom(file, from).split('\n')
    if (!lines.includes(line)) {
      // What somebody did not finish has swallowed it.
      writeSync(file, `\n${line}\n`)
      lines = readFrom(file, from).split('\n')
    }
    if (fsync) fdatasyncSync(file)
    const seal = lines.findIndex(isSeal)
    return seal < 0 || lines.indexOf(line) < seal ? 'counts' : { text: readFrom(file, 0) }
  } finally {
    closeSync(file)
  }
}

function readFrom(file: number, from: number): string {
  const { size } = fstatSync(file)
  const buffer = Buffer.alloc(Math.max(size - from, 0))
  return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, from))
}
