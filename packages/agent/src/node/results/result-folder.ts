import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ResultFiles } from '../../context/results/keep-long-results.ts'

/**
 * Keeps long results in a folder, a file each in a folder for each session; nobody but you deletes them. The tools that are to
 * read them need it among their folders.
 *
 * @example
 * const folder = '/var/lib/my-agent/results'
 * const tools = codingTools({ cwd, additionalDirectories: [folder] })
 * const agent = createAgent({ tools, resultFiles: resultFolder(folder) })
 */
export function resultFolder(folder: string): ResultFiles {
  return {
    async save(session, call, text) {
      const path = resolve(folder, safe(session))
      await mkdir(path, { recursive: true, mode: 0o700 })
      const file = join(path, `${safe(call)}.txt`)
      await writeFile(file, text, { mode: 0o600 })
      return file
    },
  }
}

/** Ids of calls are the model's, or a gateway's. */
function safe(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, 100)
}
