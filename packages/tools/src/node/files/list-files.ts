import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileStamp } from '../../define/file-access.ts'
import { createSearchRules } from '../search/ignore-rules.ts'
import type { Roots } from './roots.ts'

const maxFiles = 50_000
const neverOurs = new Set(['.git', 'node_modules'])

/**
 * The regular files in the folders that no `.gitignore` leaves out, nor `exclude`, and that do not lie in `.git` and
 * `node_modules`. No link is followed.
 *
 * @returns `undefined` where there are more than 50,000
 */
export async function listFiles(roots: Roots, signal?: AbortSignal): Promise<Map<string, FileStamp> | undefined> {
  const files = new Map<string, FileStamp>()
  for (const folder of roots.folders) {
    const rules = await createSearchRules(roots, folder)
    const folders = [folder]
    for (let inside = folders.pop(); inside !== undefined; inside = folders.pop()) {
      signal?.throwIfAborted()
      if (await rules.hides(inside)) continue
      const names: string[] = []
      // What cannot be read, the tools cannot read either.
      for (const entry of await readdir(inside, { withFileTypes: true }).catch(() => [])) {
        const path = join(inside, entry.name)
        if (neverOurs.has(entry.name) || !roots.has(path)) continue
        if (entry.isDirectory()) folders.push(path)
        else if (entry.isFile() && !files.has(path) && !(await rules.leavesOut(path))) names.push(path)
      }
      if (files.size + names.length > maxFiles) return undefined
      await Promise.all(names.map(async (path) => stampOf(path, files)))
    }
  }
  return files
}

async function stampOf(path: string, files: Map<string, FileStamp>): Promise<void> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats?.isFile()) return
  const { size, mtimeMs, ctimeMs, ino, birthtime } = stats
  files.set(path, { sizeBytes: size, createdAt: birthtime, version: [ino, size, mtimeMs, ctimeMs].join('-') })
}
