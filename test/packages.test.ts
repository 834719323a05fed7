import { readFileSync, rmSync } from 'node:fs'
import { join, posix } from 'node:path'
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

  it('holds the build, its sources and what is to be read, and no tests, benchmarks or fixtures', () => {
    const shipped = [
      /^(package\.json|LICENSE|README\.md)$/,
      /^skills\/enjamb-\w+\/SKILL\.md$/,
      /^dist\/.+\.(js|js\.map|d\.ts)$/,
      /^src\/.+\.(ts|txt)$/,
    ]
    expect(files.filter((file) => !shipped.some((pattern) => pattern.test(file)))).toEqual([])
    expect(files.filter((file) => /\.(test|test-d|bench)\.|(^|\/)(test|fixtures)\//.test(file))).toEqual([])
  })

  it('has source maps that lead to the sources beside them, and hold no second copy of these', () => {
    for (const file of files.filter((name) => name.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(packed.readFile(`/node_modules/${manifest.name}/${file}`))
      // No folder of the machine that built them.
      expect(sources.filter((source: string) => !source.startsWith('../'))).toEqual([])
      const found = sources.map((source: string) => posix.join(posix.dirname(file), source))
      // What is bundled of others has its licence in `src/terminal/licences.txt`, but no sources.
      const own = found.filter((source: string) => !source.includes('node_modules/'))
      expect(own.filter((source: string) => !files.includes(source))).toEqual([])
      expect(sourcesContent).toBeUndefined()
    }
  })

  it('has the licence of whatever of others is bundled in it', () => {
    const bundled = new Set<string>()
    for (const file of files.filter((name) => name.endsWith('.map'))) {
      const { sources } = JSON.parse(packed.readFile(`/node_modules/${manifest.name}/${file}`))
      for (const source of sources) {
        const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? []
        if (name) bundled.add(name)
      }
    }
    const licences = files.find((file) => file.endsWith('/licences.txt'))
    const text = licences ? packed.readFile(`/node_modules/${manifest.name}/${licences}`) : ''
    expect([...bundled].filter((name) => !text.includes(name))).toEqual([])
  })

  it('is published for all, with a proof of where it was built', () => {
    const { publishConfig } = JSON.parse(packed.readFile(`/node_modules/${manifest.name}/package.json`))
    expect(publishConfig).toEqual({ access: 'public', provenance: true })
  })

  it('names no version that only this repository understands', () => {
    const text = packed.readFile(`/node_modules/${manifest.name}/package.json`)
    expect(text).not.toMatch(/"(workspace|catalog|link|file):/)
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
