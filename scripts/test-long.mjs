import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, fingerprint } from './fingerprint.mjs'
import { formatDuration } from './progress.mjs'
import { root } from './run-command.mjs'
import { runVitest } from './run-stages.mjs'

/** Tests that try more by chance, or more often, than `npm test` has time for; how much says a variable. */
const longForms = [
  { file: 'packages/agent/test/killed.test.ts', variable: 'KILLS', value: 300 },
  { file: 'packages/agent/src/session/fold-equals-loop.test.ts', variable: 'RUNS', value: 1_000 },
  { file: 'packages/agent/src/session/interleavings.test.ts', variable: 'RUNS', value: 1_000 },
  { file: 'packages/agent/src/tasks/caps.test.ts', variable: 'CAP_RUNS', value: 2_000 },
]

// What these tests are about, in the record as it was when they passed.
const packages = ['core', 'stream', 'chat', 'tools', 'agent', 'testing']
const record = join(root, '.ci', 'long-tests')
const isSource = (path) => !/\.(test|test-d|bench)\.ts$/.test(path)
const now = fingerprint([
  'scripts/test-long.mjs',
  ...longForms.map(({ file }) => file),
  ...packages.flatMap((name) => filesBelow(`packages/${name}/src`, isSource)),
])

// `--changed`: only where something has changed since they passed.
if (process.argv.includes('--changed') && readFileSync(record, 'utf8').trim() === now) {
  console.log('The long tests have passed on these sources.\n0 passed, 0 failed')
} else {
  const files = longForms.map(({ file }) => file).join(' ')
  const env = Object.fromEntries(longForms.map(({ variable, value }) => [variable, String(value)]))
  console.log(`Running the long tests: ${files}`)
  const command = `vitest run --project unit --testTimeout=1200000 ${files}`
  const { ok, output, ms, passed, failed } = await runVitest(command, env)
  if (ok && !process.argv.includes('--changed')) writeFileSync(record, `${now}\n`)
  if (!ok) console.log(output)
  console.log(`${ok ? 'ok' : 'FAILED'}, ${formatDuration(ms).trim()}\n${passed} passed, ${failed} failed`)
  process.exitCode = ok ? 0 : 1
}
