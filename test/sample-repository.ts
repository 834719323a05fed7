import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What a script printed, both streams together, and how it ended. */
interface Run {
  readonly code: number | null
  readonly output: string
}

/** A tiny repository with our scripts, on a machine whose `npx` only takes notes and does what pnpm would. */
export interface SampleRepository {
  write(file: string, text: string): void
  remove(file: string): void
  exists(file: string): boolean
  run(command: string, ...args: string[]): Run
  /** The pnpm commands since the last call of this function. */
  takeCalls(): string[]
  delete(): void
}

// Stands where the network would be: everything up to the call of `npx` is real.
const npx = `#!/bin/sh
echo "$*" >> calls.log
if [ -e "$3.fails" ]; then echo "pnpm says why"; exit 1; fi
case "$*" in
  *install*) mkdir -p packages/one/node_modules ;;
  *build*) mkdir -p packages/one/dist && touch packages/one/dist/index.js packages/one/dist/index.d.ts ;;
esac
`

const manifest = {
  packageManager: 'pnpm@12.3.4',
  engines: { node: '>=20.20.0' },
  scripts: {
    test: 'node scripts/test.mjs',
    lint: 'exit 0',
    knip: 'exit 0',
    'test:unit-1': 'node vitest.mjs unit-1',
    'test:unit-2': 'node vitest.mjs unit-2',
    'test:node24': 'node vitest.mjs node24',
    'test:browser': 'node vitest.mjs browser',
    'test:types': 'node vitest.mjs types',
    'test:packages': 'node vitest.mjs packages',
    'test:sizes': 'node vitest.mjs sizes',
  },
}

const one = {
  name: 'one',
  devDependencies: { two: '1' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
}

// Writes the report that vitest would, from `<name>.json` where there is one.
const vitest = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
const name = process.argv[2]
const own = existsSync(name + '.json') ? JSON.parse(readFileSync(name + '.json', 'utf8')) : {}
const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...own }
writeFileSync(process.argv.at(-1).split('=')[1], JSON.stringify(report))
process.exitCode = report.exitCode ?? 0
`

export function createSampleRepository(): SampleRepository {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-sample-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  cpSync(join(root, '.ci'), join(folder, '.ci'), { recursive: true })
  write('package.json', JSON.stringify(manifest))
  write('packages/one/package.json', JSON.stringify(one))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.json', 'tsup.shared.ts']) write(file, '')
  for (const file of ['tsup.config.ts', 'src/index.ts', 'src/index.test.ts']) write(`packages/one/${file}`, '')
  write('vitest.mjs', vitest)
  write('bin/npx', npx)
  chmodSync(join(folder, 'bin/npx'), 0o755)

  return {
    write,
    remove: (file) => rmSync(join(folder, file), { recursive: true }),
    exists: (file) => existsSync(join(folder, file)),
    run(command, ...args) {
      const env = { ...process.env, PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter) }
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env })
      return { code: status, output: stdout + stderr }
    },
    takeCalls() {
      const log = join(folder, 'calls.log')
      const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
      rmSync(log, { force: true })
      return calls
    },
    delete: () => rmSync(folder, { recursive: true, force: true }),
  }
}
