import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Glob. */
export type GlobInput = InputOf<typeof globDefinition.input>

/** Glob: the files whose paths match a pattern. */
export const globDefinition = {
  name: 'Glob',
  description: [
    'Finds files by a pattern such as "**/*.ts" or "src/{a,b}/*.json", and lists their absolute paths, the latest changed first, up to 1,000.',
    '* stands for anything within a name, ** for any folders, ? for one character, {a,b} for either; everything in a folder is "folder/**". A pattern can have three * in a name, as many **, and braces for a hundred texts.',
    'Left out are .git, node_modules, what .gitignore names, and symbolic links. To search in a folder that is left out, name it in path.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      pattern: { type: 'string', minLength: 1, maxLength: 1_000, description: 'The pattern, relative to path.' },
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 4_096,
        description: 'The folder to search in. Default: the working folder.',
      },
    },
    required: ['pattern'],
  }),
}
