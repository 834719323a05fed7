import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../run-command.mjs'
import { publishedPackages } from '../workspaces.mjs'
import { layers } from './layers.mjs'

// The whole of a release on a copy of the repository: the changesets, the build, and what npm would be given.
const copy = mkdtempSync(join(tmpdir(), 'enjamb-release-'))

function run(command) {
  const env = {
    ...process.env,
    CI: 'true',
    pnpm_config_pm_on_fail: 'ignore',
    pnpm_config_verify_deps_before_run: 'false',
  }
  const { status } = spawnSync(command, { cwd: copy, stdio: 'inherit', shell: true, env })
  return status === 0
}

function copyRepository() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  // Links to the other packages, which have to lead to their copies.
  for (const folder of publishedPackages())
    cpSync(join(root, folder, 'node_modules'), join(copy, folder, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
}

try {
  copyRepository()
  const file = join(copy, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  if (!manifest.repository) {
    console.log('`repository` is not set in package.json: https://host.example/owner/name stands in for it.')
    writeFileSync(file, JSON.stringify({ ...manifest, repository: 'https://host.example/owner/name' }))
  }
  const steps = [
    'node scripts/release/version-packages.mjs',
    // Not by pnpm, which would install what the copy links to.
    ...layers.map(
      (layer) => `npm run --silent build --prefix packages/${layer} > build.log 2>&1 || (cat build.log; exit 1)`,
    ),
    'node scripts/release/publish.mjs --dry-run',
  ]
  if (!steps.every(run)) process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true })
}
