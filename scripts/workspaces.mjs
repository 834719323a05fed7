import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-command.mjs'

/** Every workspace folder, relative to the root. */
export function workspaces() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
  return [...packages, 'examples', 'examples/browser-chat', 'examples/react-chat', 'bench', 'site'].filter((folder) =>
    existsSync(join(root, folder, 'package.json')),
  )
}

/** The folders of the packages that are published. */
export function publishedPackages() {
  return workspaces().filter((folder) => folder.startsWith('packages/'))
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}
