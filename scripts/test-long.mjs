import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { filesBelow, fingerprint } from './fingerprint.mjs'
import { installProgram, withoutNetwork } from './install-program.mjs'
import { suites } from './long-suites.mjs'
import { formatDuration, liveLine } from './progress.mjs'
import { root } from './run-command.mjs'
import { runVitest } from './run-stages.mjs'
import { publishedPackages } from './workspaces.mjs'

// `test-long.mjs [--changed] [suite ...]`
const onlyChanged = process.argv.includes('--changed')
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = asked.filter((name) => !Object.hasOwn(suites, name))
if (unknown.length > 0) {
  console.error(`There is no long suite "${unknown[0]}": ${Object.keys(suites).join(', ')}.`)
  process.exit(1)
}

// What a suite measures, it leaves in files here.
const { FIGURES: kept } = process.env
const measured = kept ? resolve(root, kept) : mkdtempSync(join(tmpdir(), 'enjamb-figures-'))
let passed = 0
let failed = 0
for (const name of asked.length > 0 ? asked : Object.keys(suites)) {
  const suite = suites[name]
  const record = join(root, '.ci', 'passed', name)
  const now = fingerprintOf(suite)
  if (onlyChanged && existsSync(record) && readFileSync(record, 'utf8').trim() === now) {
    console.log(`same    ${name}`)
    continue
  }
  console.log(`begun   ${name}`)
  const line = liveLine(() => `Running ${name}`)
  const result = await run(suite)
  line.stop()
  passed += result.passed
  failed += result.failed
  if (!result.ok) console.log(`\n${result.output}\n`)
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
  const counts = `${result.passed} passed, ${result.failed} failed${skipped}`
  console.log(`${result.ok ? 'ok     ' : 'FAILED '} ${name}: ${counts} in ${formatDuration(result.ms).trim()}`)
  for (const { what, figures } of figuresSince(result.began)) console.log(`        ${what}: ${figures}`)
  if (!result.ok) process.exitCode = 1
  else if (!onlyChanged) {
    mkdirSync(join(record, '..'), { recursive: true })
    // As they are now: what a suite writes is one of its inputs.
    writeFileSync(record, `${fingerprintOf(suite)}\n`)
  }
}
if (!kept) rmSync(measured, { recursive: true })
console.log(`\n${passed} passed, ${failed} failed`)

async function run({ tests, variables = {}, node24 = false, program, offline = false }) {
  const vitest = node24 ? 'tsx scripts/node-24.ts node_modules/vitest/vitest.mjs' : 'vitest'
  const began = Date.now()
  const env = { FIGURES: measured }
  for (const [key, value] of Object.entries(variables)) env[key] = process.env[key] ?? String(value)
  const projects = "--project 'unit*' --project long --project packages"
  if (program) {
    const { folder, missing } = await installProgram(program)
    Object.assign(env, folder ? { PROGRAM: folder } : { PROGRAM_MISSING: missing })
    if (missing) console.log(missing)
  }
  const command = `${vitest} run ${projects} --maxWorkers=2 --testTimeout=1200000 --hookTimeout=240000 ${tests.join(' ')}`
  return { began, ...(await runVitest(offline ? await withoutNetwork(command) : command, env)) }
}

/** What was measured from then on. */
function figuresSince(began) {
  const files = existsSync(measured) ? readdirSync(measured).map((name) => join(measured, name)) : []
  return files
    .filter((file) => statSync(file).mtimeMs >= began - 1_000)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
}

function fingerprintOf({ tests, inputs = [], ...rest }) {
  const isSource = (path) => !/\.(test|test-d|bench)\.ts$/.test(path)
  const files = publishedPackages().flatMap((folder) => filesBelow(`${folder}/src`, isSource))
  for (const path of [...tests, ...inputs])
    files.push(...(statSync(join(root, path)).isDirectory() ? filesBelow(path, isKept) : [path]))
  return fingerprint(['pnpm-lock.yaml', 'scripts/test-long.mjs', ...files], JSON.stringify({ tests, inputs, ...rest }))
}

function isKept(path) {
  return !/\/(node_modules|dist)\//.test(path)
}
