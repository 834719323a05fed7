import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countTests } from './count-tests.mjs'
import { runCommand } from './run-command.mjs'
import { build, isCurrent, perform } from './setup-tasks.mjs'
import { readManifest } from './workspaces.mjs'

// Each stage uses more than one core at times; two at once keep two busy and leave timing in the tests alone.
const lanes = 2

/**
 * Runs every stage, whatever became of the others; only a stage whose `needs` failed is not run, which counts as failed.
 * `onStart` and `onEnd` follow the progress.
 * @returns the results in the order of `stages`: `{ title, ok, ms, output, passed, failed, skipped }`
 */
export async function runStages(stages, { onStart, onEnd }) {
  const results = new Map()
  const waiting = [...stages]
  const running = new Set()
  while (waiting.length + running.size > 0) {
    const next = waiting.findIndex(({ needs }) => needs === undefined || results.has(needs))
    if (next >= 0 && running.size < lanes) {
      const [stage] = waiting.splice(next, 1)
      onStart(stage)
      const run = runStage(stage, results).then((result) => {
        running.delete(run)
        results.set(stage.title, result)
        onEnd(stage, result)
      })
      running.add(run)
    } else {
      await Promise.race(running)
    }
  }
  return stages.map(({ title }) => results.get(title))
}

async function runStage(stage, results) {
  const { title, needs } = stage
  if (needs !== undefined && !results.get(needs).ok) {
    return { title, ok: false, ms: 0, output: `not run: ${needs} failed`, passed: 0, failed: 1, skipped: 0 }
  }
  if (stage.vitest) return { title, ...(await runVitest(readManifest('.').scripts[stage.script])) }
  const result = stage.task === 'build' ? await runBuild() : await runCommand(readManifest('.').scripts[stage.script])
  return { title, ...result, passed: result.ok ? 1 : 0, failed: result.ok ? 0 : 1, skipped: 0 }
}

async function runBuild() {
  return isCurrent(build) ? { ok: true, ms: 0, output: '' } : perform(build)
}

/** Runs vitest, and counts its tests. */
export async function runVitest(command, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-test-'))
  const file = join(folder, 'report.json')
  try {
    // What passed is a dot: of a stage that failed a person wants to see what did.
    const result = await runCommand(`${command} --reporter=dot --reporter=json --outputFile.json="${file}"`, env)
    const output = result.output.replace(/^JSON report written to .*$/m, '').trimEnd()
    return { ...result, output, ...countTests(file, result.ok) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
