import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installProject, optionalPeers } from './install-project.ts'
import { packageFolders, packPackages, readManifest } from './pack-packages.ts'

let tarballs: string

beforeAll(() => {
  tarballs = packPackages()
})
afterAll(() => {
  rmSync(tarballs, { recursive: true, force: true })
})

// The oldest that docs/compatibility.md promises, first where libraries are not checked, the last before typed arrays had parameters, and the newest of each major.
const compilers = ['5.0.4', '5.2.2', '5.6.3', '5.9.3', '6.0.3', '7.0.2']

describe('a program that imports every entry', () => {
  const types = ['@types/node', '@types/pg']
  let folder: string

  beforeAll(() => {
    const aliases = compilers.map((version) => [`typescript-${version}`, `npm:typescript@${version}`])
    folder = installProject(join(tarballs, 'compiled'), tarballs, {
      ...optionalPeers(),
      ...Object.fromEntries(types.map((name) => [name, '*'])),
      ...Object.fromEntries(aliases),
    })
    const entries = packageFolders.flatMap((name) => {
      const { name: own, exports } = readManifest(`packages/${name}`)
      return Object.keys(exports)
        .filter((entry) => !entry.endsWith('.json'))
        .map((entry) => join(own, entry))
    })
    const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}'\n`)
    writeFileSync(join(folder, 'program.ts'), lines.join(''))
  })

  it.each(compilers)('compiles with TypeScript %s, which finds nothing wrong in our types', (version) => {
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: ['node'],
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: version === '5.0.4',
      noEmit: true,
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    const compiler = join(folder, 'node_modules', `typescript-${version}`, 'bin', 'tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' })
    // What others wrote may ask for a newer compiler.
    expect(stdout.split('\n').filter((line) => /^(program|node_modules\/@enjamb\/)|^error/.test(line))).toEqual([])
  })
})

describe.each([
  ['older', { undici: '6', zod: '3', ignore: '5', yaml: '1', tinyglobby: '0.2.0', '@opentelemetry/api': '1.0.0' }],
  ['newer', { undici: '8', zod: '4', ignore: '7', yaml: '2' }],
])('a project with %s versions of what the subpaths use', (age, dependencies) => {
  it('can install every package, and use their main entries', () => {
    const folder = installProject(join(tarballs, age), tarballs, dependencies)
    const names = packageFolders.map((name) => readManifest(`packages/${name}`).name)
    const source = `for (const name of ${JSON.stringify(names)}) await import(name)`
    execFileSync(process.execPath, ['--input-type=module', '-e', source], { cwd: folder })
  })
})
