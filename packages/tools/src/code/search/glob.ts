import { z } from 'zod'

/** What the model gives to Glob. */
export type GlobInput = z.infer<typeof globDefinition.input>

/** Glob: the files whose paths match a pattern. */
export const globDefinition = {
  name: 'Glob',
  description: [
    'Finds files by a pattern such as "**/*.ts" or "src/{a,b}/*.json", and lists their absolute paths, the latest changed first, up to 1,000.',
    '* stands for anything within a name, ** for any folders, ? for one character, {a,b} for either; everything in a folder is "folder/**". A pattern can have three * in a name, as many **, and braces for a hundred texts.',
    'Left out are .git, node_modules, what .gitignore names, and symbolic links. To search in a folder that is left out, name it in path.',
  ].join('\n'),
  input: z.object({
    pattern: z.string().min(1).max(1_000).describe('The pattern, relative to path.'),
    path: z.string().min(1).max(4_096).optional().describe('The folder to search in. Default: the working folder.'),
  }),
}
