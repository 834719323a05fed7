import { z } from 'zod'

/** What the model gives to Edit. */
export type EditInput = z.infer<typeof editDefinition.input>

/** Edit: some text in a file in place of other text. */
export const editDefinition = {
  name: 'Edit',
  description: [
    'Replaces text in a file. The file must have been read with Read before, and not been changed by anybody else since.',
    'old_string must be in the file exactly, with its spaces and tabs but without the line numbers that Read shows, and only once: take in as many lines around it as it needs. To replace it everywhere, set replace_all.',
    'Line breaks are written as the file has them already, whether as LF or as CRLF; a byte order mark and the mode are kept. Files may have up to 20 MiB. For a new file use Write, for the cells of a notebook NotebookEdit.',
  ].join('\n'),
  input: z.object({
    file_path: z.string().min(1).max(4_096).describe('The file: absolute, or relative to the working folder.'),
    old_string: z
      .string()
      .min(1, 'It is empty. To make a file, or to replace all of it, use Write.')
      .max(1_000_000)
      .describe('The text to replace, as it is in the file.'),
    new_string: z.string().max(1_000_000).describe('The text to put in its place; empty to take it out.'),
    replace_all: z.boolean().optional().describe('Whether to replace it everywhere. Default false.'),
  }),
}
