import type { Buffer } from 'node:buffer'
import { type EditInput, editDefinition } from '../../code/files/edit.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { changeFile } from '../files/change/change-file.ts'
import { createFileState } from '../files/file-state.ts'
import { toFileText } from '../files/file-text.ts'
import type { FileToolOptions } from '../files/file-tool-options.ts'
import { createRoots } from '../files/roots.ts'
import { parseNotebookJSON } from '../parse-notebook-json.ts'
import { editText, nameLines } from './edit-text.ts'

/**
 * The Edit tool: it replaces text in a file inside the given folders, where it is exactly once or, if asked, everywhere.
 * It changes only what the model has seen: what Read, Edit or Write of the same `files` showed or wrote. Files may have
 * 20 MiB.
 *
 * Everything else stays as it is: line breaks, a byte order mark, UTF-16, bytes that are no valid UTF-8, the mode; into a file
 * in another encoding goes ASCII alone. Links, and files that cannot be replaced, are treated as `writeTool` does.
 *
 * @throws {ConfigError} one of the folders does not exist
 */
export function editTool(options: FileToolOptions): Tool<EditInput> {
  const roots = createRoots(options)
  const { files = createFileState() } = options
  return defineTool({
    ...editDefinition,
    // Else the API holds a long text back until it is whole.
    wire: { eager_input_streaming: true },
    run({ file_path, old_string, new_string, replace_all = false }, { signal, checkpoint }) {
      if (old_string === new_string) throw new Error('old_string and new_string are the same: there is nothing to do.')
      return changeFile({ roots, files, signal, checkpoint }, file_path, async (content) => {
        const file = toFileText(content)
        const { encode, encodeNew, mayStart } = file
        const edit = { from: encode(old_string), to: encodeNew(new_string), all: replace_all, mayStart }
        const { text, lines } = editText(file.text, edit)
        const changed = file.toBytes(text)
        if (/\.ipynb$/i.test(file_path) && (await isNotebook(content)) && !(await isNotebook(changed))) {
          throw new Error('The notebook would be broken: use NotebookEdit for what is in its cells.')
        }
        const times = lines.length === 1 ? '' : ` ${lines.length} times`
        return { content: changed, report: `Replaced${times} in ${file_path}, ${nameLines(lines)}.` }
      })
    },
  })
}

async function isNotebook(content: Buffer): Promise<boolean> {
  return (await parseNotebookJSON(content.toString().replace(/^\ufeff/, ''))) !== undefined
}
