import { Buffer } from 'node:buffer'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { fingerprintOf } from '../file-state.ts'

/** New content for a file that stays the same file. */
export interface Overwriting {
  /** Where it is. */
  target: string
  content: Uint8Array
  /** Of the file as it was when the content was made from it. */
  fingerprint: string
}

/**
 * Writes a file in place: somebody who reads it meanwhile may see a part of it, and so may whoever comes after a crash. Where
 * it cannot be written to its end, as on a full disk, it gets back what it had.
 *
 * @returns the fingerprint of what was written; `undefined` if the file is another by now, and was left alone
 */
export async function overwriteFile({ target, content, fingerprint }: Overwriting): Promise<string | undefined> {
  const flags = constants.O_RDWR | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)
  const handle = await open(target, flags)
  try {
    if ((await fingerprintOf(handle)) !== fingerprint) return undefined
    const old = await readAll(handle)
    await write(handle, content).catch(async (error) => {
      await write(handle, old).catch(() => {})
      throw error
    })
    return await fingerprintOf(handle)
  } finally {
    await handle.close()
  }
}

async function readAll(handle: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc((await handle.stat()).size)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled)
    if (!bytesRead) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

async function write(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, written)
    written += bytesWritten
  }
  await handle.truncate(bytes.length)
  await handle.sync()
}
