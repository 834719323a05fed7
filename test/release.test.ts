import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
// @ts-expect-error Scripts are plain JavaScript, so that they run before anything is installed.
import { changelogSection } from '../scripts/release/write-changelog.mjs'
import { packageFolders, readManifest } from './pack-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

// 0.1.0 for the first.
const [major, minor] = readManifest('packages/core').version.split('.').map(Number)
const next = `${major}.${minor! + 1}.0`
let folder: string

const version = () =>
  spawnSync(process.execPath, ['scripts/release/version-packages.mjs'], { cwd: folder, encoding: 'utf8' })
const read = (file: string) => readFileSync(join(folder, file), 'utf8')

// What a release changes, on a copy of it.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-version-'))
  const manifests = packageFolders.map((name) => `packages/${name}/package.json`)
  const files = ['package.json', 'pnpm-workspace.yaml', '.changeset', 'scripts', ...manifests]
  for (const file of [...files, 'packages/core/src/version.ts']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  // Also just after a release, when there is none yet.
  writeFileSync(join(folder, '.changeset/new.md'), "---\n'@enjamb/core': minor\n---\n\nSomething was new.\n")
  writeFileSync(join(folder, 'CHANGELOG.md'), `# Changes\n\n## ${next}\n\nWritten by hand.\n`)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('the version of the next release', () => {
  it('is written only where the packages can say which repository they come from', () => {
    const manifest = JSON.parse(read('package.json'))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, repository: undefined }))
    expect(version()).toMatchObject({ status: 1, stderr: expect.stringContaining('Set `repository`') })
    expect(readdirSync(join(folder, '.changeset')).length).toBeGreaterThan(1)
  })

  it('is the next minor one for all packages, which come from the one repository', () => {
    const url = 'https://host.example/owner/name'
    const manifest = JSON.parse(read('package.json'))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, repository: url }))
    expect(version()).toMatchObject({ status: 0, stderr: '' })
    for (const name of packageFolders)
      expect(JSON.parse(read(`packages/${name}/package.json`))).toMatchObject({
        version: next,
        repository: { type: 'git', url: `git+${url}.git`, directory: `packages/${name}` },
        homepage: `${url}/tree/main/packages/${name}#readme`,
        bugs: `${url}/issues`,
      })
    expect(read('packages/core/src/version.ts')).toContain(`'${next}'`)
    expect(readdirSync(join(folder, '.changeset'))).toEqual(['config.json'])
  })

  it('keeps what was written about it by hand', () => {
    expect(read('CHANGELOG.md')).toBe(`# Changes\n\n## ${next}\n\nWritten by hand.\n`)
  })

  it('is not made of nothing', () => {
    expect(version()).toMatchObject({ status: 1, stderr: expect.stringContaining('no changeset') })
  })
})

it('the changes of a version stand once each, below the first package that they name, what is new first', () => {
  const all = ['agent', 'chat', 'core', 'stream', 'testing', 'tools'].map((name) => ({ name, bump: 'patch' }))
  const section = changelogSection('0.2.0', [
    { packages: [{ name: 'tools', bump: 'patch' }], text: 'Mended.' },
    {
      packages: [
        { name: 'tools', bump: 'minor' },
        { name: 'core', bump: 'minor' },
      ],
      text: 'New.',
    },
    { packages: all, text: 'Everywhere.' },
    { packages: [{ name: 'core', bump: 'patch' }], text: 'Below.' },
  ])
  expect(section).toBe(
    '## 0.2.0\n\n### all packages\n\n- Everywhere.\n\n### core\n\n- Below.\n\n### tools\n\n- New.\n- Mended.\n',
  )
})
