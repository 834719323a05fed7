import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Edit. */
export type EditInput = InputOf<typeof editDefinition.input>

/** Edit: some text in a file in place of other text. */
export const editDefinition = {
  name: 'Edit',
  description: [
    'Replaces text in a file. The file must have been read with Read before, and not been changed by anybody else since.',
    'old_string must be in the file exactly, with its spaces and tabs but without the line numbers that Read shows, and only once: take in as many lines around it as it needs. To replace it everywhere, set replace_all.',
    'Line breaks are written as the file has them already, whether as LF or as CRLF; a byte order mark and the mode are kept. Files may have up to 20 MiB. For a new file use Write, for the cells of a notebook NotebookEdit.',
  ].join('\n'),
  input: defineInput(
    {
      type: 'object',
      properties: {
        file_path: {
          type: 'string',
          minLength: 1,
          maxLength: 4_096,
          description: 'The file: absolute, or relative to the working folder.',
        },
        old_string: {
          type: 'string',
          maxLength: 1_000_000,
          description: 'The text to replace, as it is in the file.',
        },
        new_string: {
          type: 'string',
          maxLength: 1_000_000,
          description: 'The text to put in its place; empty to take it out.',
        },
        replace_all: { type: 'boolean', description: 'Whether to replace it everywhere. Default false.' },
      },
      required: ['file_path', 'old_string', 'new_string'],
    },
    ({ old_string }) =>
      old_string
        ? []
        : [{ path: ['old_string'], message: 'It is empty. To make a file, or to replace all of it, use Write.' }],
  ),
}
