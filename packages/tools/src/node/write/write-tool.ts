import { Buffer } from 'node:buffer'
import { lstat } from 'node:fs/promises'
import { sep } from 'node:path'
import { type WriteInput, writeDefinition } from '../../code/files/write.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { createFileState, fingerprintOf } from '../files/file-state.ts'
import { formOf, type TextForm, toForm } from '../files/file-text.ts'
import type { FileToolOptions } from '../files/file-tool-options.ts'
import { openFile } from '../files/open-file.ts'
import { type Replacement, replaceFile } from '../files/replace-file.ts'
import { resolvePath } from '../files/resolve-path.ts'
import { createRoots, type Roots } from '../files/roots.ts'

const maxFormBytes = 20 * 1024 * 1024

/**
 * The Write tool: it creates or replaces a file inside the given folders, whole or not at all, and makes the folders that
 * are missing. It replaces only what the model has seen: what Read, Edit or Write of the same `files` showed or wrote.
 *
 * A symbolic link stays, and the file that it leads to is replaced. A hard link is replaced, so that a file outside of the
 * folders that shares its content keeps it. Mode and, where the system allows, owner are kept, and so is the form of a text up
 * to 20 MiB that is replaced: a byte order mark, UTF-16, line breaks as on Windows. A file that nothing can take the place of
 * is written in place, and the model is told.
 *
 * @throws {ConfigError} one of the folders does not exist
 */
export function writeTool(options: FileToolOptions): Tool<WriteInput> {
  const roots = createRoots(options)
  const { files = createFileState() } = options
  return defineTool({
    ...writeDefinition,
    // Else the API holds a long text back until it is whole.
    wire: { eager_input_streaming: true },
    async run({ file_path, content }, { signal }) {
      const path = await resolvePath(roots, file_path)
      return files.exclusively(path, async () => {
        signal.throwIfAborted()
        const current = await currentFile(roots, path, file_path)
        if (current) files.check(path, current.before.fingerprint, file_path)
        const bytes = current?.form ? toForm(content, current.form) : Buffer.from(content)
        const replacement = { path, named: file_path, content: bytes, before: current?.before }
        const { fingerprint, note } = await replaceFile(roots, replacement, signal)
        files.remember(path, fingerprint)
        return [`${current ? 'Replaced' : 'Created'} ${path}.`, ...(note ? [note] : [])].join(' ')
      })
    },
  })
}

interface CurrentFile {
  before: NonNullable<Replacement['before']>
  /** Of text that is not too large to be looked at. */
  form: TextForm | undefined
}

async function currentFile(roots: Roots, path: string, named: string): Promise<CurrentFile | undefined> {
  if (named.endsWith('/') || named.endsWith(sep)) throw new Error(`${named} names a folder: add the name of a file.`)
  try {
    await lstat(path)
  } catch {
    return undefined
  }
  const { handle, stats } = await openFile(roots, named, path)
  try {
    const fingerprint = await fingerprintOf(handle)
    const form = stats.size && stats.size <= maxFormBytes ? formOf(await handle.readFile()) : undefined
    return { before: { stats, fingerprint }, form }
  } finally {
    await handle.close()
  }
}
