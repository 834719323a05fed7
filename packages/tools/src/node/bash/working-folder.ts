import { stat } from 'node:fs/promises'
import { resolvePath } from '../files/resolve-path.ts'
import type { Roots } from '../files/roots.ts'

/** The folder that commands start in. */
export interface WorkingFolder {
  /** @throws {Error} for the model: it is not there any more, and the next command starts in the first */
  get(): Promise<string>
  /**
   * Goes where a command ended, if that is inside the folders, or else back to the first. Returns what there is to say.
   */
  moveTo(folder: string): Promise<string | undefined>
}

export function createWorkingFolder(roots: Roots): WorkingFolder {
  const [first] = roots.folders
  let current: string = first
  return {
    async get() {
      if (await isFolder(current)) return current
      const gone = current
      current = first
      // A command that was meant for that folder, such as one that removes all in it, must not run in another.
      const next = gone === first ? '' : `, so nothing was run: it is ${first} again`
      throw new Error(`The working folder ${gone} does not exist any more${next}.`)
    },
    async moveTo(folder) {
      if (folder === current) return
      const real = await resolvePath(roots, folder).catch(() => undefined)
      const isKept = real !== undefined && (await isFolder(real))
      current = isKept ? real : first
      if (isKept) return `The working folder is now ${real}.`
      return `${folder} is outside the folders that may be used (${roots.folders.join(', ')}): the working folder is ${first} again.`
    },
  }
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  return !!stats?.isDirectory()
}
