import { z } from 'zod'

/** Glob: the files whose paths match a pattern. */
export const globDefinition = {
  name: 'Glob',
  description: [
    'Finds files by a pattern such as "**/*.ts" or "src/{a,b}/*.json", and lists their absolute paths, the latest changed first.',
    'Files that .gitignore names are left out, and so are .git and node_modules.',
  ].join('\n'),
  input: z.object({
    pattern: z.string().min(1).describe('The pattern, relative to path.'),
    path: z.string().min(1).optional().describe('The folder to search in. Default: the working folder.'),
  }),
}
