import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolders, readManifest, tarballName } from './pack-packages.ts'

/** The versions of the optional peers that the tests run with. */
export function optionalPeers(): Record<string, string> {
  const peers = packageFolders.flatMap((name) => {
    const folder = `packages/${name}`
    return Object.keys(readManifest(folder).peerDependencies ?? {}).map((peer) => [folder, peer] as const)
  })
  return Object.fromEntries(
    peers.map(([folder, peer]) => [peer, readManifest(`${folder}/node_modules/${peer}`).version]),
  )
}

/**
 * Makes an empty project that has every tarball installed beside its own dependencies, and each package depend on the others'
 * tarballs.
 * @returns its folder
 */
export function installProject(folder: string, tarballs: string, ownDependencies: Record<string, string>): string {
  const manifests = packageFolders.map((name) => readManifest(`packages/${name}`))
  const packages = Object.fromEntries(manifests.map((each) => [each.name, `file:${join(tarballs, tarballName(each))}`]))
  const dependencies = { ...ownDependencies, ...packages }
  const overrides = Object.fromEntries(manifests.map(({ name }) => [name, `$${name}`]))
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }))
  execFileSync('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
  return folder
}
