import { z } from 'zod'

/** Read: the start of a file, or a part of it, with line numbers. */
export const readDefinition = {
  name: 'Read',
  description: [
    'Shows a file. Text comes with a line number and a tab before each line; neither is part of the file.',
    'Without offset and limit it shows the first 2,000 lines, and each line up to 2,000 characters; it says when there is more.',
    'Images (PNG, JPEG, GIF, WebP) and PDF documents are shown as such. For a folder use Glob.',
  ].join('\n'),
  input: z.object({
    file_path: z.string().min(1).describe('The file: absolute, or relative to the working folder.'),
    offset: z.int().min(1).optional().describe('The first line to show, from 1.'),
    limit: z.int().min(1).max(10_000).optional().describe('How many lines to show. Default 2,000.'),
  }),
}
