import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { glob } from 'tinyglobby'
import { globDefinition } from '../code/glob.ts'
import { defineTool } from '../define-tool.ts'
import type { Tool } from '../tool.ts'
import { type Folders, isWithin } from './folders.ts'

const maxPaths = 1_000
const never = ['**/.git/**', '**/node_modules/**']

/** The Glob tool: it lists files by a pattern, the latest changed first. */
export function globTool(folders: Folders): Tool<{ pattern: string; path?: string | undefined }> {
  return defineTool({
    ...globDefinition,
    readOnly: true,
    idempotent: true,
    async run({ pattern, path = '.' }, { signal }) {
      if (isAbsolute(pattern) || /(^|[\\/{,])\.\.([\\/},]|$)/.test(pattern)) {
        throw new Error('The pattern must stay within path: name the folder in path, and the files in pattern.')
      }
      const cwd = await folders.resolve(path)
      const options = { cwd, absolute: true, dot: true, ignore: never, followSymbolicLinks: false, signal }
      const [paths, ignoreFiles] = await Promise.all([glob(pattern, options), glob('**/.gitignore', options)])
      const isIgnored = await readIgnoreRules(ignoreFiles)
      const found = await sortByTime(paths.filter((each) => !isIgnored(each) && isWithin(cwd, each)))
      if (!found.length) return `[No file matches ${pattern} in ${cwd}.]`
      const shown = found.slice(0, maxPaths)
      if (found.length > shown.length) shown.push(`[${found.length - maxPaths} more: use a narrower pattern.]`)
      return shown.join('\n')
    },
  })
}

/** Each `.gitignore` rules its own folder and those below it. */
async function readIgnoreRules(files: string[]): Promise<(path: string) => boolean> {
  const rules: [folder: string, rules: Ignore][] = await Promise.all(
    files.map(
      async (file) => [dirname(file), ignore().add(await readFile(file, 'utf8').catch(() => ''))] as [string, Ignore],
    ),
  )
  return (path) =>
    rules.some(([folder, rule]) => isWithin(folder, path) && rule.ignores(relative(folder, path).split(sep).join('/')))
}

async function sortByTime(paths: string[]): Promise<string[]> {
  const times = new Map<string, number>()
  // A file may be gone by now.
  for (const path of paths) times.set(path, (await stat(path).catch(() => undefined))?.mtimeMs ?? 0)
  return paths.sort((a, b) => times.get(b)! - times.get(a)! || (a < b ? -1 : 1))
}
