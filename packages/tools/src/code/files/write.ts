import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Write. */
export type WriteInput = InputOf<typeof writeDefinition.input>

/** Write: a whole file, new or in place of the old one. */
export const writeDefinition = {
  name: 'Write',
  description: [
    'Creates a file, or replaces everything in it. Folders that are missing are made.',
    'A file that exists must have been read with Read before, and not been changed by anybody else since; otherwise nothing is written.',
    'The content is written as given, in UTF-8; a file that is replaced keeps its encoding, byte order mark and kind of line breaks. To change a part of a file use Edit.',
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
      content: { type: 'string', maxLength: 10_000_000, description: 'Everything that the file shall hold.' },
    },
    required: ['file_path', 'content'],
  }),
}
