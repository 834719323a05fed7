import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData, type Package, type Problem } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFolders, packPackages, readManifest, tarballName } from './pack-packages.ts'

let tarballs: string

beforeAll(() => {
  tarballs = packPackages()
})
afterAll(() => {
  rmSync(tarballs, { recursive: true, force: true })
})

describe.each(packageFolders)('the tarball of %s', (folder) => {
  const manifest = readManifest(`packages/${folder}`)
  let data: Uint8Array<ArrayBuffer>
  let packed: Package
  let files: string[]

  beforeAll(() => {
    data = Uint8Array.from(readFileSync(join(tarballs, tarballName(manifest))))
    packed = createPackageFromTarballData(data)
    files = packed.listFiles().map((file) => file.replace(`/node_modules/${manifest.name}/`, ''))
  })

  it('holds the build, its types, the licence and a README', () => {
    const wanted = ['package.json', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']
    expect(wanted.filter((file) => !files.includes(file))).toEqual([])
  })

  it('holds no tests, benchmarks or fixtures', () => {
    expect(files.filter((file) => /\.(test|test-d|bench)\.|(^|\/)(test|fixtures)\//.test(file))).toEqual([])
  })

  it('names no version that only this repository understands', () => {
    const text = packed.readFile(`/node_modules/${manifest.name}/package.json`)
    expect(text).not.toMatch(/"(workspace|catalog|link|file):/)
  })

  it('names no folder of the machine that built it', () => {
    const maps = files.filter((file) => file.startsWith('dist/') && file.endsWith('.map'))
    for (const file of maps) {
      const { sources } = JSON.parse(packed.readFile(`/node_modules/${manifest.name}/${file}`))
      expect(sources.filter((source: string) => !source.startsWith('../'))).toEqual([])
    }
  })

  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('has types that resolve to what is imported', async () => {
    const result = await checkPackage(packed)
    if (result.types === false) throw new Error('no types')
    expect(result.problems.filter(concernsModules)).toEqual([])
  })
})

/** ESM only, by decision: resolution for CommonJS and for Node 10 is left out. */
function concernsModules(problem: Problem): boolean {
  const kind = 'resolutionKind' in problem ? problem.resolutionKind : undefined
  const option = 'resolutionOption' in problem ? problem.resolutionOption : undefined
  return kind !== 'node10' && kind !== 'node16-cjs' && option !== 'node10'
}
