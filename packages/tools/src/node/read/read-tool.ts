import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { ToolResultContent } from '@enjamb/core'
import { type ReadInput, readDefinition } from '../../code/files/read.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { isImage, maxImageBytes } from '../../image-format.ts'
import { createFileState, fingerprintOf } from '../files/file-state.ts'
import type { FileToolOptions } from '../files/file-tool-options.ts'
import { type OpenFile, openFile } from '../files/open-file.ts'
import { createRoots } from '../files/roots.ts'
import { toImageBlock } from './image-block.ts'
import { maxNotebookBytes, readNotebook } from './read-notebook.ts'
import { readText, type TextRange } from './read-text.ts'
import { isDocument, maxSplitBytes, showDocument } from './show-document.ts'

/**
 * The Read tool: text with line numbers, PNG, JPEG, GIF and WebP images, PDF documents and Jupyter notebooks, all inside
 * the given folders.
 *
 * It shows 2,000 lines unless the model asks for more or fewer, 2,000 characters of a line and about 100,000 in all, and
 * says how to go on. Images may have 3.75 MiB, notebooks 20 MiB, documents 10 MiB and 100 pages, or with the package
 * `@cantoo/pdf-lib` 50 MiB of which 20 pages are shown at once. Text may be of any size.
 *
 * @throws {ConfigError} one of the folders does not exist
 */
export function readTool(options: FileToolOptions): Tool<ReadInput> {
  const roots = createRoots(options)
  const { files = createFileState() } = options
  return defineTool({
    ...readDefinition,
    readOnly: true,
    idempotent: true,
    async run({ file_path, offset, limit, pages }, { signal }) {
      signal.throwIfAborted()
      const file = await openFile(roots, file_path)
      try {
        // Before it is shown: a change in between is then found out, rather than taken for what the model saw.
        const fingerprint = await fingerprintOf(file.handle)
        const seen = () => files.remember(file.path, fingerprint)
        const shown = await show(file, { offset: offset || 1, limit: limit ?? 2_000, pages }, signal).catch((error) => {
          // Whoever asked for all of a file that cannot be shown knows what there is to know, and may replace it.
          if (offset === undefined && limit === undefined && pages === undefined && !signal.aborted) seen()
          throw error
        })
        seen()
        return shown
      } catch (error) {
        const { syscall, code } = error as NodeJS.ErrnoException
        throw syscall ? new Error(`${file_path} cannot be read (${code}).`) : error
      } finally {
        await file.handle.close()
      }
    },
  })
}

async function show(
  { handle, path, stats }: OpenFile,
  { pages, ...range }: TextRange & { pages: string | undefined },
  signal: AbortSignal,
): Promise<string | ToolResultContent[]> {
  const start = await readStart(handle, 16)
  if (isDocument(start)) {
    return showDocument(await readStart(handle, Math.min(stats.size, maxSplitBytes + 1)), pages, signal)
  }
  if (pages) throw new Error('It is no PDF document: for other files use offset and limit.')
  if (isImage(start)) return [toImageBlock(await readStart(handle, Math.min(stats.size, maxImageBytes + 1)))!]
  const cells =
    /\.ipynb$/i.test(path) && stats.size <= maxNotebookBytes
      ? await readNotebook((await readStart(handle, stats.size)).toString().replace(/^\ufeff/, ''), range)
      : undefined
  return cells ?? readText(handle, range, signal)
}

/** As many bytes as there are, or as asked for, leaving the handle's position alone. */
async function readStart(handle: FileHandle, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  let filled = 0
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, filled)
    if (!bytesRead) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
