import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { roundsNote } from './at-most-rounds.ts'
import { chart } from './chart.ts'
import { fleetFigures } from './fleet-figures.ts'
import { pinnedPeers } from './load-peer.ts'
import type { Report } from './report.ts'
import { toMarkdown } from './to-markdown.ts'

/** Runs every benchmark against the built packages, prints what it found and writes it to `docs/`. */
const cases = [
  'text-stream',
  'tool-input',
  'snapshot',
  'large-event',
  'ndjson',
  'http',
  'idle',
  'create-message',
  'import',
  'early-start',
  'glob',
  'tool-turns',
  'journalled-turns',
  'sessions',
  'session-cost',
  'stored-sessions',
  'pacing',
  'fleet',
  'mock-server',
]
const wanted = process.argv.slice(2)

function runCase(name: string): Promise<Report> {
  const file = fileURLToPath(new URL('run-case.ts', import.meta.url))
  const child = fork(file, [name], { execArgv: ['--import', 'tsx', '--expose-gc'] })
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as Report))
    child.once('exit', (code) => code && reject(new Error(`The benchmark ${name} ended with code ${code}.`)))
  })
}

/** A table of what the contenders are, exactly. */
function versions(): string {
  const rows = pinnedPeers().map(({ name, version, node }) => `| \`${name}\` | ${version} | ${node ?? ''} |`)
  return ['| peer | version | asks for Node |', '|---|---|---|', ...rows].join('\n')
}

const reports: Report[] = []
for (const name of cases.filter((name) => !wanted.length || wanted.includes(name))) {
  try {
    const report = await runCase(name)
    console.log(toMarkdown(report))
    reports.push(report)
  } catch (error) {
    // What the others find is not to be lost by it; the page is without its section.
    console.error(error)
    process.exitCode = 1
  }
}
if (!wanted.length) {
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}`
  const docs = new URL('../docs/', import.meta.url)
  const intro = `# Benchmarks\n\nWritten by \`npm run bench\`. Each benchmark first checks that every contender gives the same answer; then they run side by side in one process, or each in its own where it says so. Only the ratios mean something on another machine.${roundsNote}\n\nMeasured with ${machine}, beside these peers:\n\n${versions()}\n\n![Milliseconds for a text of 20,000 deltas](benchmarks.svg)\n`
  writeFileSync(new URL('benchmarks.md', docs), [intro, ...reports.map(toMarkdown), ...fleetFigures()].join('\n'))
  writeFileSync(new URL('benchmarks.svg', docs), chart(reports[0]!))
}
