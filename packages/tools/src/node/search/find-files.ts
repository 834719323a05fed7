import { StringDecoder } from 'node:string_decoder'
import { leftOut } from './grep/grep-args.ts'
import { type RipgrepRun, readRipgrep } from './ripgrep.ts'

/** What there is in a folder. */
export interface FoundFiles {
  /** Paths below the folder, the latest changed first. */
  names: string[]
  /** Those of the files with rules. */
  ignoreFiles: string[]
}

const ignoreFile = /(?:^|\/)\.gitignore$/

/**
 * Lets ripgrep find the files of which one of the globs is true, and the `.gitignore` files that may have a say. It walks,
 * compares and sorts in a process of its own; files that are no regular ones and links are none, nor is what lies in `.git`
 * and `node_modules`.
 */
export async function findFiles(
  run: Omit<RipgrepRun, 'args'>,
  globs: readonly string[],
  depth: number | undefined,
): Promise<FoundFiles> {
  const wanted = [...globs, '.gitignore'].map((glob) => `--glob=${glob}`)
  const limit = depth === undefined ? [] : [`--max-depth=${depth}`]
  const args = ['--files', '--null', '--sortr=modified', ...limit, ...wanted, ...leftOut, '.']
  const found: FoundFiles = { names: [], ignoreFiles: [] }
  let rest = ''
  const decoder = new StringDecoder()
  await readRipgrep({ ...run, args }, async (output) => {
    for await (const chunk of output) {
      const pieces = (rest + decoder.write(chunk)).split('\0')
      rest = pieces.pop() ?? ''
      for (const piece of pieces) {
        // All begin with "./", or on Windows with ".\".
        const name = piece.slice(2)
        found.names.push(name)
        if (ignoreFile.test(name)) found.ignoreFiles.push(name)
      }
    }
    return false
  })
  return found
}
