import { z } from 'zod'

/** What the model gives to NotebookEdit. */
export type NotebookEditInput = z.infer<typeof notebookEditDefinition.input>

/** NotebookEdit: one cell of a Jupyter notebook. */
export const notebookEditDefinition = {
  name: 'NotebookEdit',
  description: [
    'Replaces, inserts or deletes one cell of a Jupyter notebook (.ipynb). The notebook must have been read with Read before, and not been changed by anybody else since.',
    'Name the cell by its id, or by its number as Read shows them; numbers change when cells come and go. With insert the new cell comes after the one named, or first if none is.',
    'A code cell that is replaced loses what it had put out. Everything else in the notebook stays as it is. Notebooks may have up to 20 MiB.',
  ].join('\n'),
  input: z.object({
    notebook_path: z.string().min(1).max(4_096).describe('The notebook: absolute, or relative to the working folder.'),
    cell_id: z.string().min(1).max(1_000).optional().describe('The id of the cell.'),
    cell_number: z.int().min(1).optional().describe('The number of the cell, counted from 1, in place of cell_id.'),
    new_source: z.string().max(1_000_000).optional().describe('All that the cell shall hold; not needed for delete.'),
    cell_type: z
      .enum(['code', 'markdown', 'raw'])
      .optional()
      .describe('The kind of the cell. Default as it is, and code for a new one.'),
    edit_mode: z.enum(['replace', 'insert', 'delete']).optional().describe('What to do. Default replace.'),
  }),
}
