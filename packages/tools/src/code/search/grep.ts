import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Grep. */
export type GrepInput = InputOf<typeof grepDefinition.input>

const lines = { type: 'integer', minimum: 0, maximum: 1_000 } as const

/** Grep: files, or lines in them, that match a regular expression. */
export const grepDefinition = {
  name: 'Grep',
  description: [
    'Searches the contents of files with ripgrep, in a folder and all below it, or in one file. The pattern is a regular expression as Rust writes them: put a backslash before a brace, bracket or dot that is meant as such. There is no look-around and no back-reference.',
    'output_mode says what comes back: files_with_matches, the paths alone, the latest changed first; content, the lines with their numbers below the path of their file; count, how many lines match in each file.',
    'It gives 250 files or lines at once and about 100,000 characters, and says with which offset to go on. A line beyond 500 characters is shown around its match. It stops after a minute. With multiline, files beyond 100 MiB are left out unless path names one.',
    'Left out are binary files, .git, node_modules, what .gitignore names, and symbolic links. $ and, with multiline, \\n stand for line breaks of either kind. To search in what is left out, name it in path.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      pattern: { type: 'string', minLength: 1, maxLength: 10_000, description: 'The regular expression.' },
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 4_096,
        description: 'The folder or file to search. Default: the working folder.',
      },
      glob: {
        type: 'string',
        minLength: 1,
        maxLength: 1_000,
        description: 'Only files of such names, as in "*.{ts,tsx}" or "!*.test.ts"; several with commas between them.',
      },
      type: {
        type: 'string',
        maxLength: 50,
        pattern: '^\\w+$',
        description: 'Only files of a kind that ripgrep knows, such as js, py, rust, md.',
      },
      output_mode: {
        type: 'string',
        enum: ['content', 'files_with_matches', 'count'],
        description: 'What comes back. Default files_with_matches.',
      },
      '-A': {
        ...lines,
        description: 'How many lines to show after each match, with content. Default 0.',
      },
      '-B': {
        ...lines,
        description: 'How many lines to show before each match, with content. Default 0.',
      },
      '-C': {
        ...lines,
        description: 'How many lines to show on both sides, with content; -A and -B go before it. Default 0.',
      },
      context: { ...lines, description: 'The same as -C.' },
      '-n': { type: 'boolean', description: 'Whether to number the lines, with content. Default true.' },
      '-i': { type: 'boolean', description: 'Whether a and A are the same. Default false.' },
      '-o': { type: 'boolean', description: 'Whether to show no more of a line than what matches. Default false.' },
      multiline: {
        type: 'boolean',
        description: 'Whether a match may go over several lines, and a dot match a line break. Default false.',
      },
      head_limit: {
        type: 'integer',
        minimum: 0,
        maximum: 10_000,
        description: 'How many files or lines to give at most, or 0 for as many as there is room for. Default 250.',
      },
      offset: { type: 'integer', minimum: 0, description: 'How many of them to pass over first. Default 0.' },
    },
    required: ['pattern'],
  }),
}
