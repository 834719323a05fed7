import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installProject } from '../install-project.ts'
import { packageFolders, packPackages, readManifest } from '../pack-packages.ts'

/** A project of a stranger: the packages from their tarballs, and the programs of this suite. */
export interface ScratchProject {
  folder: string
  remove(): void
}

/** The peers whose entries `programs/server.mjs` loads, as the tests of the packages have them. */
const peers: [name: string, folder: string][] = [
  ['@modelcontextprotocol/client', 'packages/tools'],
  ['@opentelemetry/api', 'packages/core'],
]

export const packageNames: readonly string[] = packageFolders.map((folder) => readManifest(`packages/${folder}`).name)

export function createScratchProject(): ScratchProject {
  const tarballs = packPackages()
  const versions = peers.map(([name, user]) => [name, readManifest(`${user}/node_modules/${name}`).version])
  const folder = installProject(join(tarballs, 'project'), tarballs, Object.fromEntries(versions))
  cpSync(fileURLToPath(new URL('programs', import.meta.url)), folder, { recursive: true })
  return { folder, remove: () => rmSync(tarballs, { recursive: true, force: true }) }
}
