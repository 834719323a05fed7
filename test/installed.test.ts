import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMockServer } from '../packages/testing/src/index.ts'
import { dependencyTable } from './dependency-table.ts'
import { installProject, optionalPeers } from './install-project.ts'
import { packageFolders, packPackages, readManifest } from './pack-packages.ts'

let tarballs: string
let project: string

beforeAll(() => {
  tarballs = packPackages()
  project = installProject(join(tarballs, 'project'), tarballs, optionalPeers())
})
afterAll(() => {
  rmSync(tarballs, { recursive: true, force: true })
})

describe.each(packageFolders)('%s, installed from its tarball', (folder) => {
  const manifest = readManifest(`packages/${folder}`)

  const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'))

  it('has entries that plain Node imports, each with something in it', () => {
    const names = entries.map((entry) => join(manifest.name, entry))
    const source = `for (const name of ${JSON.stringify(names)}) console.log(Object.keys(await import(name)).length > 0, name)`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    expect(output.trim().split('\n')).toEqual(names.map((name) => `true ${name}`))
  })

  // Every entry, in more runtimes: the suite `runtimes`.
  it('is required by CommonJS', () => {
    const source = `console.log(Object.keys(require('${manifest.name}')).length)`
    const output = execFileSync(process.execPath, ['--input-type=commonjs', '-e', source], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    expect(Number(output)).toBeGreaterThan(0)
  })

  it('depends on nothing beyond the table of the design', () => {
    const { dependencies = {} } = readInstalled(manifest.name)
    expect(dependencyTable[folder]).toEqual(expect.arrayContaining(Object.keys(dependencies)))
  })

  it('imports nothing that it does not declare', () => {
    const { dependencies = {}, peerDependencies = {} } = readInstalled(manifest.name)
    const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies), manifest.name]
    const undeclared = importedPackages(manifest.name).filter((name) => !declared.includes(name))
    expect(undeclared).toEqual([])
  })
})

// Without `testing`, whose server is Node's.
describe.each(packageFolders.filter((folder) => folder !== 'testing'))('%s in a browser', (folder) => {
  const { name, exports } = readManifest(`packages/${folder}`)
  // A program, a database and an engine's workers are reached from a server.
  const entries = Object.keys(exports).filter((entry) => !/(node|cli|postgres|restate|\.json)$/.test(entry))

  it.each(entries)('is bundled without anything of Node: %s', async (entry) => {
    const { metafile } = await bundle(`export * from '${join(name, entry)}'`)
    const imported = Object.values(metafile.inputs).flatMap((input) => input.imports.map((each) => each.path))
    expect(imported.filter((path) => isBuiltin(path))).toEqual([])
  })
})

describe('the first program of the README', () => {
  it('runs as it is pasted into a new project', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const program = readme.match(/```ts\n(.+?)```/s)?.[1] ?? ''
    const [, name = ''] = readme.match(/save it as `(.+?)`/) ?? []
    const [, command = ''] = readme.match(/^node (--env-file.+)$/m) ?? []
    const server = await createMockServer()
    const folder = join(project, 'new')
    mkdirSync(folder)
    execFileSync('npm', ['init', '-y'], { cwd: folder, stdio: 'pipe' })
    writeFileSync(join(folder, name), program)
    writeFileSync(join(folder, '.env'), `ANTHROPIC_API_KEY=any\nANTHROPIC_BASE_URL=${server.url}\n`)
    const env = { PATH: process.env.PATH }
    const { stdout } = await promisify(execFile)(process.execPath, command.split(' '), { cwd: folder, env })
    await server.close()
    expect(server.requests).toHaveLength(2)
    expect(stdout).toMatch(/\n.+input_tokens/s)
  })
})

function readInstalled(name: string): ReturnType<typeof readManifest> {
  return JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'))
}

function bundle(contents: string) {
  return build({
    stdin: { contents, resolveDir: project, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
}

/** The packages that the built code and its types import, Node's own left out. */
function importedPackages(name: string): string[] {
  const dist = join(project, 'node_modules', name, 'dist')
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|d\.ts)$/.test(file))
  const specifiers = files.flatMap((file) => {
    // Comments hold examples, whose imports are the reader's.
    const code = readFileSync(join(dist, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"]+)\1/g)
    return [...found].map(([, , specifier]) => specifier ?? '')
  })
  const packages = specifiers.filter((each) => !/^[.#]/.test(each) && !isBuiltin(each)).map(packageName)
  return [...new Set(packages)]
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
