import type { GrepInput } from '../code/grep.ts'

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
  const { '-A': after = input['-C'], '-B': before = input['-C'] } = input
  return [
    ...ways[mode],
    ...(mode === 'content' ? [`--after-context=${after ?? 0}`, `--before-context=${before ?? 0}`] : []),
    ...(input['-i'] ? ['--ignore-case'] : []),
    ...(input.multiline ? ['--multiline', '--multiline-dotall', `--max-filesize=${maxMultilineMiB}M`] : []),
    ...(input.type ? [`--type=${input.type}`] : []),
    ...(input.glob ? [`--glob=${input.glob}`] : []),
    ...leftOut,
    `--regexp=${input.pattern}`,
  ]
}

/** Later globs win, so these come after the model's own. */
export const leftOut: readonly string[] = ['--glob=!.git', '--glob=!node_modules']
