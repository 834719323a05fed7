import { Buffer } from 'node:buffer'
import { sep } from 'node:path'
import { type WriteInput, writeDefinition } from '../../code/files/write.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { currentFile } from '../files/change/current-file.ts'
import { replaceFile } from '../files/change/replace-file.ts'
import { createFileState } from '../files/file-state.ts'
import { formOf, type TextForm, toForm } from '../files/file-text.ts'
import type { FileToolOptions } from '../files/file-tool-options.ts'
import { resolvePath } from '../files/resolve-path.ts'
import { createRoots } from '../files/roots.ts'

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
    async run({ file_path, content }, { signal, checkpoint }) {
      const path = await resolvePath(roots, file_path)
      return files.exclusively(path, async () => {
        signal.throwIfAborted()
        if (file_path.endsWith('/') || file_path.endsWith(sep))
          throw new Error(`${file_path} names a folder: add the name of a file.`)
        const current = await currentFile(roots, path, file_path)
        if (current) files.check(path, current.before.fingerprint, file_path)
        const form = formFor(current?.content)
        const bytes = form ? toForm(content, form) : Buffer.from(content)
        await checkpoint({ path, before: current?.content ?? null, after: bytes })
        const replacement = { path, named: file_path, content: bytes, before: current?.before }
        const { fingerprint, note } = await replaceFile(roots, replacement, signal)
        files.remember(path, fingerprint)
        return [`${current ? 'Replaced' : 'Created'} ${path}.`, ...(note ? [note] : [])].join(' ')
      })
    },
  })
}

/** Of text that is not too large to be looked at. */
function formFor(content: Buffer | undefined): TextForm | undefined {
  return content?.length && content.length <= maxFormBytes ? formOf(content) : undefined
}
