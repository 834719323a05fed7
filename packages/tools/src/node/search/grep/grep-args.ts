import type { GrepInput } from '../../../code/search/grep.ts'

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
export function toGrepArgs(input: GrepInput, mode: GrepMode, globs: readonly string[]): string[] {
  const { '-C': around = input.context ?? 0, '-A': after = around, '-B': before = around } = input
  return [
    ...ways[mode],
    ...(mode === 'content' && !input['-o'] ? [`--after-context=${after}`, `--before-context=${before}`] : []),
    ...(input['-i'] ? ['--ignore-case'] : []),
    ...(input.multiline ? ['--multiline', '--multiline-dotall', `--max-filesize=${maxMultilineMiB}M`] : []),
    ...(input.type ? [`--type=${input.type}`] : []),
    ...globs.map((glob) => `--glob=${glob}`),
    ...leftOut,
    // A line may end as on Windows.
    '--crlf',
    `--regexp=${input.multiline ? withAnyBreaks(input.pattern) : input.pattern}`,
  ]
}

/** Later globs win, so these come after the model's own. */
export const leftOut: readonly string[] = ['--glob=!.git', '--glob=!node_modules']

/** Line breaks in a pattern are those of Windows, too; not in brackets, which stand for one character. */
function withAnyBreaks(pattern: string): string {
  let depth = 0
  return pattern.replace(/\\.|[[\]\n]/gs, (part) => {
    if (part === '[') depth++
    if (part === ']' && depth) depth--
    return !depth && (part === '\\n' || part === '\n') ? '(?:\\r?\\n)' : part
  })
}
