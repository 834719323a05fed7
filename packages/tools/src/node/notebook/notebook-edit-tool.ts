import { Buffer } from 'node:buffer'
import { type NotebookEditInput, notebookEditDefinition } from '../../code/files/notebook-edit.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { changeFile } from '../files/change/change-file.ts'
import { createFileState } from '../files/file-state.ts'
import type { FileToolOptions } from '../files/file-tool-options.ts'
import { createRoots } from '../files/roots.ts'
import { editNotebook } from './edit-notebook.ts'

/**
 * The NotebookEdit tool: it replaces, inserts or deletes a cell of a Jupyter notebook inside the given folders, and leaves
 * every other character of the file as it is. It changes only what the model has seen: what Read showed or NotebookEdit
 * wrote with the same `files`. Notebooks may have 20 MiB.
 *
 * @throws {ConfigError} one of the folders does not exist
 */
export function notebookEditTool(options: FileToolOptions): Tool<NotebookEditInput> {
  const roots = createRoots(options)
  const { files = createFileState() } = options
  return defineTool({
    ...notebookEditDefinition,
    // Else the API holds a long text back until it is whole.
    wire: { eager_input_streaming: true },
    run(input, { signal, checkpoint }) {
      const { notebook_path: named, cell_id, cell_number, new_source, cell_type, edit_mode = 'replace' } = input
      const change = { mode: edit_mode, id: cell_id, number: cell_number, type: cell_type, source: new_source }
      return changeFile({ roots, files, signal, checkpoint }, named, async (content) => {
        const text = decode(content)
        const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
        const { json, report } = await editNotebook(text.slice(mark.length), change)
        return { content: Buffer.from(mark + json), report: `${report} in ${named}.` }
      })
    },
  })
}

function decode(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new Error('It is no notebook: its text is not valid UTF-8.')
  }
}
