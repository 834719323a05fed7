import { z } from 'zod'

/** What the model gives to Write. */
export type WriteInput = z.infer<typeof writeDefinition.input>

/** Write: a whole file, new or in place of the old one. */
export const writeDefinition = {
  name: 'Write',
  description: [
    'Creates a file, or replaces everything in it. Folders that are missing are made.',
    'A file that exists must have been read with Read before, and not been changed by anybody else since; otherwise nothing is written.',
    'The content is written exactly as given, in UTF-8. To change a part of a file use Edit.',
  ].join('\n'),
  input: z.object({
    file_path: z.string().min(1).max(4_096).describe('The file: absolute, or relative to the working folder.'),
    content: z.string().max(10_000_000).describe('Everything that the file shall hold.'),
  }),
}
