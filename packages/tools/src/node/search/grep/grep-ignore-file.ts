import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { readRules, toRulesAt } from '../ignore-rules.ts'
import { type RipgrepRun, runRipgrep } from '../ripgrep.ts'
import { leftOut } from './grep-args.ts'

const maxFiles = 5_000
const maxRules = 20_000

/**
 * Lets ripgrep pass over what the `.gitignore` files below a folder name. It must not read those itself: one that is a
 * link to a device would make it fill the memory, and one that is a pipe would make it wait. So they are read here, and
 * given to `work` as an argument that names one file with all their rules.
 *
 * That saves work and no more: what it finds must still be held against the rules, since it reads some of them in its own
 * way, which are therefore not given to it.
 */
export async function withIgnoreFile<Result>(
  run: Omit<RipgrepRun, 'args'>,
  work: (args: string[]) => Promise<Result>,
): Promise<Result> {
  const rules = await collectRules(run)
  const file = join(tmpdir(), `enjamb-${randomUUID()}`)
  const args = [`--ignore-file=${file}`]
  const write = () => writeFile(file, rules.join('\n'), { flag: 'wx', mode: 0o600 })
  try {
    // On a full disk it takes more work, and finds the same.
    return await work(
      rules.length
        ? await write()
            .then(() => args)
            .catch(() => [])
        : [],
    )
  } finally {
    await rm(file, { force: true })
  }
}

async function collectRules(run: Omit<RipgrepRun, 'args'>): Promise<string[]> {
  const folders: string[] = []
  const args = ['--files', '--null', '--glob=.gitignore', ...leftOut, '.']
  const take = (piece: Uint8Array | undefined) => folders.push(dirname(String(piece ?? ''))) < maxFiles
  await runRipgrep({ ...run, args }, { delimiter: '\0', take })
  const depth = (folder: string) => folder.split(sep).length
  // A later rule wins, so those of deeper folders come last.
  folders.sort((a, b) => depth(a) - depth(b))
  const rules: string[] = []
  for (const folder of folders) {
    run.signal.throwIfAborted()
    const below = folder.split(sep).slice(1).join(sep)
    rules.push(...toRulesAt(below, await readRules(join(run.cwd, folder, '.gitignore'))))
    // It would take longer to read them than they save.
    if (rules.length > maxRules) return []
  }
  // Without the exception, a rule would leave out too much.
  return rules.some((rule) => rule.startsWith('!') && !isPlain(rule)) ? [] : rules.filter(isPlain)
}

/** Is it a rule that ripgrep reads as git does? Braces, for one, mean nothing to git, nor does it drop a tab at the end. */
function isPlain(rule: string): boolean {
  return /^[!/]?[\w.*?/@+-]+$/.test(rule) && !/[^/]\*\*|\*\*[^/]/.test(rule)
}
