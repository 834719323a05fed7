import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the tests read of a manifest. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Record<string, string | Record<string, string>>
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly packageManager?: string
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

/** The folders of the published packages: `core`, `stream` and so on. */
export const packageFolders: readonly string[] = readdirSync(join(root, 'packages')).sort()

/**
 * Packs every package as it would be published, with the pinned pnpm (which alone knows the `workspace:` protocol).
 * @returns the folder of the tarballs, for the caller to delete
 */
export function packPackages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-pack-'))
  const pnpm = readManifest('.').packageManager ?? 'pnpm'
  execFileSync('npx', ['-y', pnpm, '--filter', './packages/*', 'pack', '--pack-destination', folder], {
    cwd: root,
    stdio: 'pipe',
    env: { ...process.env, pnpm_config_pm_on_fail: 'ignore', npm_config_loglevel: 'error' },
  })
  return folder
}

/** The name that pnpm gives to the tarball of a package. */
export function tarballName({ name, version }: Manifest): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
}
