import type { GrepInput } from '../../code/search/grep.ts'
import { expandBraces } from '../../glob/expand-braces.ts'

/** The modes of Grep. */
export type GrepMode = NonNullable<GrepInput['output_mode']>

const ways: { [mode in GrepMode]: readonly string[] } = {
  // The latest changed first, so that there is no need to wait for all of them.
  files_with_matches: ['--files-with-matches', '--null', '--sortr=modified'],
  count: ['--count', '--null', '--with-filename', '--sort=path'],
  content: ['--json', '--sort=path'],
}

/** It reads the whole of a file for this. */
const maxMultilineMiB = 100

/** What ripgrep is told; nothing that the model wrote can be taken for an option. */
export function toGrepArgs(input: GrepInput, mode: GrepMode): string[] {
  const { '-C': around = input.context ?? 0, '-A': after = around, '-B': before = around } = input
  return [
    ...ways[mode],
    ...(mode === 'content' && !input['-o'] ? [`--after-context=${after}`, `--before-context=${before}`] : []),
    ...(input['-i'] ? ['--ignore-case'] : []),
    ...(input.multiline ? ['--multiline', '--multiline-dotall', `--max-filesize=${maxMultilineMiB}M`] : []),
    ...(input.type ? [`--type=${input.type}`] : []),
    ...toGlobs(input.glob).map((glob) => `--glob=${glob}`),
    ...leftOut,
    `--regexp=${input.pattern}`,
  ]
}

/**
 * Several globs in one text, and a dot before the first slash, mean nothing to ripgrep, which would find nothing. A comma
 * separates them as it does in braces; a space does so only where a glob seems to begin, since names have spaces, too.
 */
function toGlobs(text = ''): string[] {
  const globs = expandBraces(`{${text},}`).flatMap((glob) => glob.split(/\s(?=[!*])/))
  return globs.map((glob) => glob.trim().replace(/^(!?)\.\//, '$1/')).filter(Boolean)
}

/** Later globs win, so these come after the model's own. */
export const leftOut: readonly string[] = ['--glob=!.git', '--glob=!node_modules']
