import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { packageFolders, readManifest } from './pack-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every file that is, or would be, committed. */
function repositoryFiles(): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0')
  return files.filter((file) => file !== '' && existsSync(join(root, file)))
}

function filesThatName(pattern: RegExp): string[] {
  return repositoryFiles().filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))
}

describe('the repository', () => {
  it('names no folder of a machine', () => {
    expect(filesThatName(/(^|[\s"'`(=:])\/(work|root)\//m)).toEqual([])
  })

  it('leaves the choice of the registry to the machine', () => {
    const lockFile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
    expect(lockFile).not.toMatch(/\btarball:|https?:\/\//)
    expect(filesThatName(/^\s*(@[\w-]+:)?registry\s*[=:]|_auth[T]oken/m)).toEqual([])
  })
})

describe.each(packageFolders)('%s', (folder) => {
  it('has a README and a licence', () => {
    const missing = ['README.md', 'LICENSE'].filter((file) => !existsSync(join(root, 'packages', folder, file)))
    expect(missing).toEqual([])
  })

  const skill = `skills/enjamb-${folder}/SKILL.md`

  it.each(['README.md', skill])('has a %s without links that lead out of its tarball', (file) => {
    const text = readFileSync(join(root, 'packages', folder, file), 'utf8')
    expect(text.match(/\]\((?:\.\.|\/)[^)]*\)/g)).toBeNull()
  })

  it('tells coding agents how it is used, in few lines', () => {
    const text = readFileSync(join(root, 'packages', folder, skill), 'utf8')
    const [, name, description = ''] = /^---\nname: ([a-z0-9-]+)\ndescription: ([^:\n]+)\n---\n/.exec(text) ?? []
    expect(name).toBe(`enjamb-${folder}`)
    expect(description.length).toBeLessThanOrEqual(1_024)
    expect(text.split('\n').length).toBeLessThanOrEqual(120)
    expect(readManifest(`packages/${folder}`)).toMatchObject({ files: expect.arrayContaining(['skills']) })
  })

  it('has the version of all the others', () => {
    expect(readManifest(`packages/${folder}`).version).toBe(readManifest('packages/core').version)
  })
})
