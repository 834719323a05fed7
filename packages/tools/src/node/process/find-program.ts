import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { isInFolders } from '../files/roots.ts'

/**
 * A program of this name on `PATH`, or where systems have theirs. It runs outside of a sandbox, so it is none from a folder
 * where the tools write: `npm run` puts `node_modules/.bin` in front of all others.
 */
export function findProgram(
  name: string,
  roots: readonly string[],
  path: string = process.env.PATH ?? '',
): string | undefined {
  const folders = [...path.split(delimiter).filter(isAbsolute), '/bin', '/usr/bin']
  const isOurs = (real: string | undefined) => real !== undefined && !isInFolders(roots, real)
  return folders.map((folder) => join(folder, name)).find((file) => isOurs(toExecutable(file)))
}

/** Where it really is. */
function toExecutable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return realpathSync(path)
  } catch {
    return
  }
}
