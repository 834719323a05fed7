import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to NotebookEdit. */
export type NotebookEditInput = InputOf<typeof notebookEditDefinition.input>

/** NotebookEdit: one cell of a Jupyter notebook. */
export const notebookEditDefinition = {
  name: 'NotebookEdit',
  description: [
    'Replaces, inserts or deletes one cell of a Jupyter notebook (.ipynb). The notebook must have been read with Read before, and not been changed by anybody else since.',
    'Name the cell by its id, or by its number as Read shows them; numbers change when cells come and go. With insert the new cell comes after the one named, or first if none is.',
    'A code cell that is replaced loses what it had put out. Everything else in the notebook stays as it is. Notebooks may have up to 20 MiB.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      notebook_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4_096,
        description: 'The notebook: absolute, or relative to the working folder.',
      },
      cell_id: { type: 'string', minLength: 1, maxLength: 1_000, description: 'The id of the cell.' },
      cell_number: {
        type: 'integer',
        minimum: 1,
        description: 'The number of the cell, counted from 1, in place of cell_id.',
      },
      new_source: {
        type: 'string',
        maxLength: 1_000_000,
        description: 'All that the cell shall hold; not needed for delete.',
      },
      cell_type: {
        type: 'string',
        enum: ['code', 'markdown', 'raw'],
        description: 'The kind of the cell. Default as it is, and code for a new one.',
      },
      edit_mode: { type: 'string', enum: ['replace', 'insert', 'delete'], description: 'What to do. Default replace.' },
    },
    required: ['notebook_path'],
  }),
}
