import { z } from 'zod'

/** What the model gives to Read. */
export type ReadInput = z.infer<typeof readDefinition.input>

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
  input: z.object({
    file_path: z.string().min(1).max(4_096).describe('The file: absolute, or relative to the working folder.'),
    offset: z.int().min(0).optional().describe('The first line to show, counted from 1. Default 1.'),
    limit: z.int().min(1).optional().describe('How many lines to show. Default 2,000.'),
    pages: z.string().min(1).max(200).optional().describe('Pages of a PDF, such as "3", "2-5" or "1,4-6".'),
  }),
}
