import type { Buffer } from 'node:buffer'
import type { FileAccess } from '../../define/file-access.ts'
import { currentFile } from './change/current-file.ts'
import { removeFile } from './change/remove-file.ts'
import { replaceFile } from './change/replace-file.ts'
import { createFileState } from './file-state.ts'
import type { FileToolOptions } from './file-tool-options.ts'
import { listFiles } from './list-files.ts'
import { resolvePath } from './resolve-path.ts'
import { createRoots } from './roots.ts'

/**
 * The files inside the given folders, for a session that puts back what its tools changed.
 *
 * @throws {ConfigError} one of the folders does not exist
 */
export function createFileAccess(options: FileToolOptions): FileAccess {
  const roots = createRoots(options)
  const { files = createFileState() } = options

  async function current(path: string) {
    const real = await resolvePath(roots, path)
    if (real !== path) throw new Error(`${path} leads to ${real} now.`)
    return currentFile(roots, path, path)
  }

  return {
    read: async (path) => (await current(path))?.content ?? null,
    list: (signal) => listFiles(roots, signal),
    write: (path, content, expected) =>
      files.exclusively(path, async () => {
        const now = await current(path)
        if (!isSame(now?.content, expected)) throw new Error(`${path} was changed by somebody else just now.`)
        if (content) await replaceFile(roots, { path, named: path, content, before: now?.before }, never)
        else if (now) await removeFile(roots, path, now)
      }),
  }
}

const never = /* @__PURE__ */ new AbortController().signal

function isSame(now: Buffer | undefined, expected: Uint8Array | null): boolean {
  return now && expected ? now.equals(expected) : !now && !expected
}
