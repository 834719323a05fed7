import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { createRoots, type Roots } from '../files/roots.ts'
import { parseHead } from '../head/parse-head.ts'
import { readHeadedFile } from '../head/read-headed-file.ts'

/** Instructions for a kind of work, in a folder of their own. */
export interface Skill {
  /** The name of its folder. */
  readonly name: string
  /** When to use it, in one line. */
  readonly description: string
  /** Its folder, as a real path. */
  readonly folder: string
  /** The folder that it was found in. */
  readonly roots: Roots
}

/** Options of {@link loadSkills}. */
export interface LoadSkillsOptions {
  /**
   * Gets what is wrong with a folder that looks like a skill and is none, or holds too many, or whose head is taken though it is
   * no good YAML. Default: it is passed over.
   */
  onProblem?: ((problem: { folder: string; reason: string }) => void) | undefined
}

const skillFile = 'SKILL.md'

const maxSkills = 200
const maxNames = 10_000

/**
 * Finds the skills in some folders: in each, the folders that hold a `SKILL.md` which begins with `name` and
 * `description`, as YAML has text, between two lines of `---`. The name is that of the folder: 1 to 64 lower-case letters, digits
 * and hyphens; the description has up to 1,024 characters, and all that stands between the lines 4,096. Of two skills
 * of one name the first is taken. Of the folders in one, the first 200 by name are looked at. A folder that does not
 * exist holds none.
 *
 * A `SKILL.md` that is, or lies behind, a link that leads out of the given folder is none.
 *
 * @see https://agentskills.io/specification
 * @example
 * codingTools({ cwd, skills: await loadSkills(['.claude/skills', join(homedir(), '.claude/skills')]) })
 */
export async function loadSkills(folders: readonly string[], { onProblem }: LoadSkillsOptions = {}): Promise<Skill[]> {
  const found = new Map<string, Skill>()
  for (const folder of folders) {
    const names = await listFolders(folder)
    if (!names.length) continue
    const roots = createRoots({ cwd: folder })
    if (names.length > maxSkills) onProblem?.({ folder, reason: `Only the first ${maxSkills} folders in it are used.` })
    for (const name of names.slice(0, maxSkills)) {
      try {
        if (found.has(name)) throw new Error('There is another skill of this name.')
        const { head } = await readSkill(roots, name)
        found.set(name, {
          name,
          description: readDescription(head, name, (reason) => onProblem?.({ folder: join(folder, name), reason })),
          folder: join(roots.folders[0], name),
          roots,
        })
      } catch (error) {
        onProblem?.({ folder: join(folder, name), reason: (error as Error).message })
      }
    }
  }
  return [...found.values()]
}

/**
 * The two parts of a `SKILL.md`.
 *
 * @throws {Error} there is none inside the folders, it is too large, or it does not begin as it must
 */
export function readSkill(roots: Roots, name: string): Promise<{ head: string; body: string }> {
  return readHeadedFile(roots, join(name, skillFile))
}

function readDescription(head: string, folder: string, warn: (reason: string) => void): string {
  const fields = parseHead(head)
  if (fields.get('name')?.text !== folder || !/^[a-z\d]+(?:-[a-z\d]+)*$/.test(folder) || folder.length > 64) {
    throw new Error('Its name must be that of its folder: 1 to 64 lower-case letters, digits and single hyphens.')
  }
  const { text = '', warning } = fields.get('description') ?? {}
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (!line || line.length > 1_024) throw new Error('Its description must be a text of 1 to 1,024 characters.')
  if (warning) warn(warning)
  return line
}

async function listFolders(folder: string): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const entry of await opendir(folder)) {
      const isFolder = entry.isDirectory() || entry.isSymbolicLink()
      if (isFolder && !entry.name.startsWith('.') && names.push(entry.name) >= maxNames) break
    }
  } catch {
    return []
  }
  return names.sort()
}
