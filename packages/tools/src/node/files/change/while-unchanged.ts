import { constants, lstatSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { fingerprintOf } from '../file-state.ts'

/** What is thrown for a file that is another by now. */
export const changed = new Error('The file has changed.')

/**
 * Acts on a file at once after it was seen to be what it was.
 *
 * @throws {@link changed}
 */
export async function whileUnchanged(target: string, expected: string, act: () => void): Promise<void> {
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)
  // Neither what cannot be opened nor what is no file any more is what was read.
  const handle = await open(target, flags).catch(() => undefined)
  const seen = await handle?.stat({ bigint: true })
  const fingerprint = await (handle && fingerprintOf(handle).catch(() => undefined))
  await handle?.close()
  if (fingerprint !== expected) throw changed
  // Not one wait in between, so that there is hardly time for another process to write it, too.
  const now = lstatSync(target, { bigint: true, throwIfNoEntry: false })
  if (now?.ino !== seen?.ino || now?.ctimeNs !== seen?.ctimeNs) throw changed
  act()
}
