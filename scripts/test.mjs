import './check-node.mjs'
import { formatDuration, liveLine, step } from './progress.mjs'
import { runStages } from './run-stages.mjs'
import { install, isCurrent, perform } from './setup-tasks.mjs'
import { stages } from './stages.mjs'

function formatResult({ title, ok, passed, failed, skipped, ms }) {
  const counts = [`${passed} passed`.padStart(11), `${failed} failed`.padStart(9)].join('  ')
  const rest = skipped > 0 ? `  ${skipped} skipped` : ''
  return `${ok ? 'ok    ' : 'FAILED'}  ${title.padEnd(16)}${counts}${formatDuration(ms).padStart(12)}${rest}`
}

function sum(results, key) {
  return results.reduce((total, result) => total + result[key], 0)
}

async function runAll() {
  const running = new Set()
  const line = liveLine(() => `Running ${[...running].join(' and ')}`)
  const results = await runStages(stages, {
    onStart({ title }) {
      running.add(title)
      if (!process.stdout.isTTY) console.log(`begun   ${title}`)
      line.redraw()
    },
    onEnd({ title }, { ok, output, ms }) {
      running.delete(title)
      line.clear()
      console.log(`${ok ? 'ok    ' : 'FAILED'}  ${title} (${formatDuration(ms)})`)
      if (!ok) console.log(`\n${output}\n`)
    },
  })
  line.stop()
  console.log(`\n${results.map(formatResult).join('\n')}\n`)
  return { passed: sum(results, 'passed'), failed: sum(results, 'failed') }
}

async function test() {
  if (!isCurrent(install) && !(await step(install.title, () => perform(install), install.advice))) {
    return { passed: 0, failed: 1 }
  }
  return runAll()
}

const { passed, failed } = await test()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
