import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Read. */
export type ReadInput = InputOf<typeof readDefinition.input>

/** Read: a file, or a part of it. */
export const readDefinition = {
  name: 'Read',
  description: [
    'Shows a file. Text comes with a line number and a tab before each line; neither is part of the file.',
    'Without offset and limit it shows the first 2,000 lines. Lines beyond 2,000 characters are cut, and so is a result beyond about 100,000; a note at its end says with which offset to go on.',
    'Images (PNG, JPEG, GIF, WebP, up to 3.75 MiB and 8,000 pixels a side) and PDF documents are shown as such. Of a Jupyter notebook (.ipynb) it shows the cells with what they put out; offset and limit then count cells.',
    'A PDF is shown whole up to 10 MiB and 100 pages; every page takes thousands of tokens, so of a long one ask for the pages you need, at most 20 at once.',
    'For what is in a folder use Glob.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      file_path: {
        type: 'string',
        minLength: 1,
        maxLength: 4_096,
        description: 'The file: absolute, or relative to the working folder.',
      },
      offset: { type: 'integer', minimum: 0, description: 'The first line to show, counted from 1. Default 1.' },
      limit: { type: 'integer', minimum: 1, description: 'How many lines to show. Default 2,000.' },
      pages: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'Pages of a PDF, such as "3", "2-5" or "1,4-6".',
      },
    },
    required: ['file_path'],
  }),
}
