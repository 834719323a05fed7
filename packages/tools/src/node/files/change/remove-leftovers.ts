import { randomBytes } from 'node:crypto'
import { lstat, unlink } from 'node:fs/promises'
import type { OpenFolder } from '../open-folder.ts'

/** Nobody writes a file for as long as this. */
const maxAgeMs = 3_600_000
const swept = /* @__PURE__ */ new Set<string>()

/** A name for a file that is not complete yet. */
export function leftoverName(): string {
  return `.enjamb-${randomBytes(9).toString('base64url')}.tmp`
}

/**
 * Removes incomplete files that are an hour old: whoever wrote them was killed. Each folder is looked through once, by its
 * path, which costs little and suffices, since a process that is killed leaves nothing behind for itself.
 */
export async function removeLeftovers(folder: OpenFolder, path: string): Promise<void> {
  if (swept.has(path)) return
  swept.add(path)
  for await (const { name } of await folder.list()) {
    if (!/^\.enjamb-[\w-]{12}\.tmp$/.test(name)) continue
    const stats = await lstat(folder.at(name)).catch(() => undefined)
    if (stats?.isFile() && Date.now() - stats.mtimeMs > maxAgeMs) await unlink(folder.at(name)).catch(() => {})
  }
}
