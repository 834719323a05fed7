import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { instructionsHead } from '../../context/system/instructions-head.ts'

const names = ['AGENTS.md', 'CLAUDE.md']
const maxFileBytes = 65_536
const maxBytes = 262_144

/**
 * The instructions of a folder, outermost first, so that the nearest have the last word: in each folder from the root of the
 * repository down to `cwd`, `AGENTS.md`, else `CLAUDE.md`. Outside of a repository those of `cwd` alone.
 *
 * @param files in place of those; paths from `cwd` on
 * @throws {ConfigError} one cannot be read, leads out of the repository by a link, or is larger than 64 KiB; or all are than
 * 256 KiB
 */
export async function readInstructions(cwd = process.cwd(), files?: readonly string[]): Promise<string> {
  const folder = resolve(cwd)
  const paths = files?.map((file) => resolve(folder, file)) ?? (await findFiles(folder))
  const texts = await Promise.all(paths.map(readText))
  // By their way from here, which is the same on every machine.
  const shown = paths.map((path, index) => `${instructionsHead}${relative(folder, path)}:\n\n${texts[index]!.trim()}`)
  const text = shown.filter((_, index) => texts[index]!.trim()).join('\n\n')
  if (Buffer.byteLength(text) > maxBytes) {
    throw new ConfigError(`instructions must come to ${maxBytes} bytes at most: list those that matter.`)
  }
  return text
}

async function findFiles(cwd: string): Promise<string[]> {
  const folders = await foldersOf(cwd)
  const found = await Promise.all(
    folders.map(async (folder) => {
      for (const name of names) {
        if (await exists(join(folder, name))) return [await inside(folders[0]!, join(folder, name))]
      }
      return []
    }),
  )
  return found.flat()
}

/** From the root of the repository on. */
async function foldersOf(cwd: string): Promise<string[]> {
  const folders: string[] = []
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.unshift(folder)
    // In a work tree of its own it is a file.
    if (await exists(join(folder, '.git'))) return folders
    if (folder === dirname(folder)) return [cwd]
  }
}

/** A repository of somebody else's must not have files read that are none of its own. */
async function inside(root: string, path: string): Promise<string> {
  const [base, real] = await Promise.all([realpath(root), realpath(path).catch(() => path)])
  if (!real.startsWith(base.endsWith(sep) ? base : base + sep)) {
    throw new ConfigError(`instructions: ${path} leads out of ${root}; list it by name where it is meant.`)
  }
  return path
}

async function readText(path: string): Promise<string> {
  // A pipe would be waited for.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause) => {
    throw new ConfigError(`instructions: ${path} cannot be read.`, { cause })
  })
  try {
    const info = await file.stat()
    if (!info.isFile()) throw new ConfigError(`instructions: ${path} is no file.`)
    if (info.size > maxFileBytes) {
      throw new ConfigError(`instructions: ${path} has ${info.size} bytes, and may have ${maxFileBytes}.`)
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
