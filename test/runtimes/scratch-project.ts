import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolders, packPackages, readManifest, tarballName } from '../pack-packages.ts'

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
  const folder = join(tarballs, 'project')
  const manifests = packageFolders.map((name) => readManifest(`packages/${name}`))
  const versions = peers.map(([name, user]) => [name, readManifest(`${user}/node_modules/${name}`).version])
  const packages = manifests.map((each) => [each.name, `file:../${tarballName(each)}`])
  mkdirSync(folder)
  install(folder, {
    dependencies: Object.fromEntries([...packages, ...versions]),
    overrides: Object.fromEntries(packageNames.map((name) => [name, `$${name}`])),
  })
  cpSync(fileURLToPath(new URL('programs', import.meta.url)), folder, { recursive: true })
  return { folder, remove: () => rmSync(tarballs, { recursive: true, force: true }) }
}

/** Installs what a manifest asks for, without scripts. */
function install(folder: string, manifest: object): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', ...manifest }))
  execFileSync('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
}
