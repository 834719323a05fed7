import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

// Below the package, so that its dependencies are found from there, and where no step of git or npm looks for sources.
const scratch = 'dist/.types'

/** Has the compiler write a declaration for each source that the entries reach; errors in them are printed, and end this. */
function emitDeclarations(sources) {
  const config = {
    extends: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
    compilerOptions: {
      noEmit: false,
      noEmitOnError: true,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: '../..',
      outDir: '.',
      // Types of the other packages come from their builds, as they will for a user.
      customConditions: [],
    },
    include: [],
    files: sources.map((source) => join('../..', source)),
  }
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(config))
  const compiler = fileURLToPath(new URL('../node_modules/typescript-7/bin/tsc', import.meta.url))
  const { status } = spawnSync(process.execPath, [compiler, '-p', scratch], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/** Joins what an entry is made of to one file; what two of them share becomes one of its own. */
async function joinDeclarations(entries) {
  const input = entries.map((entry) => [
    entry.types.replace(/^\.\/dist\/|\.d\.ts$/g, ''),
    join(scratch, entry['@enjamb/source'].replace(/\.ts$/, '.d.ts')),
  ])
  const bundle = await rollup({
    input: Object.fromEntries(input),
    external: (id) => /^[@#\w]/.test(id) && !id.startsWith(scratch),
    plugins: [dts()],
  })
  await bundle.write({
    dir: 'dist',
    entryFileNames: '[name].d.ts',
    chunkFileNames: ({ name }) => `${name.replace(/\.d$/, '')}-[hash].d.ts`,
  })
}

/**
 * Writes the declarations of the package in the working directory: for each of its `exports`, the file that `types` names.
 * The compiler is TypeScript 7, which has no interface for programs yet but takes a tenth of the time.
 */
async function writeTypes() {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
  const entries = Object.values(exports).filter((target) => typeof target === 'object')
  emitDeclarations(entries.map((entry) => entry['@enjamb/source']))
  await joinDeclarations(entries)
  rmSync(scratch, { recursive: true })
}

await writeTypes()
