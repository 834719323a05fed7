import { z } from 'zod'

/** What the model gives to Grep. */
export type GrepInput = z.infer<typeof grepDefinition.input>

const lines = () => z.int().min(0).max(1_000).optional()

/** Grep: files, or lines in them, that match a regular expression. */
export const grepDefinition = {
  name: 'Grep',
  description: [
    'Searches the contents of files with ripgrep, in a folder and all below it, or in one file. The pattern is a regular expression as Rust writes them: put a backslash before a brace, bracket or dot that is meant as such. There is no look-around and no back-reference.',
    'output_mode says what comes back: files_with_matches, the paths alone, the latest changed first; content, the lines with their numbers below the path of their file; count, how many lines match in each file.',
    'It gives 250 files or lines at once and about 100,000 characters, and says with which offset to go on. A line beyond 500 characters is shown around its match. It stops after a minute. With multiline, files beyond 100 MiB are left out unless path names one.',
    'Left out are binary files, .git, node_modules, what .gitignore names, and symbolic links. To search in what is left out, name it in path.',
  ].join('\n'),
  input: z.object({
    pattern: z.string().min(1).max(10_000).describe('The regular expression.'),
    path: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('The folder or file to search. Default: the working folder.'),
    glob: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Only files of such names, as in "*.{ts,tsx}" or "!*.test.ts"; several with commas between them.'),
    type: z
      .string()
      .regex(/^\w+$/, 'is a word such as "js"')
      .max(50)
      .optional()
      .describe('Only files of a kind that ripgrep knows, such as js, py, rust, md.'),
    output_mode: z
      .enum(['content', 'files_with_matches', 'count'])
      .optional()
      .describe('What comes back. Default files_with_matches.'),
    '-A': lines().describe('How many lines to show after each match, with content. Default 0.'),
    '-B': lines().describe('How many lines to show before each match, with content. Default 0.'),
    '-C': lines().describe('How many lines to show on both sides, with content; -A and -B go before it. Default 0.'),
    context: lines().describe('The same as -C.'),
    '-n': z.boolean().optional().describe('Whether to number the lines, with content. Default true.'),
    '-i': z.boolean().optional().describe('Whether a and A are the same. Default false.'),
    '-o': z.boolean().optional().describe('Whether to show no more of a line than what matches. Default false.'),
    multiline: z
      .boolean()
      .optional()
      .describe('Whether a match may go over several lines, and a dot match a line break. Default false.'),
    head_limit: z
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe('How many files or lines to give at most, or 0 for as many as there is room for. Default 250.'),
    offset: z.int().min(0).optional().describe('How many of them to pass over first. Default 0.'),
  }),
}
