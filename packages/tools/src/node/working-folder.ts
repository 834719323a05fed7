import { stat } from 'node:fs/promises'
import { resolvePath } from './resolve-path.ts'
import type { Roots } from './roots.ts'

/** The folder that commands start in. */
export interface WorkingFolder {
  /** @throws {Error} for the model: not even the first folder is there any more */
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
      if (!(await isFolder(current))) current = first
      if (await isFolder(current)) return current
      throw new Error(`The working folder ${first} does not exist any more.`)
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
