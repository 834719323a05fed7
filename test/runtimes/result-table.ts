import { readFileSync, writeFileSync } from 'node:fs'
import { formatTable } from '../../scripts/size-table.ts'
import type { Outcomes } from './run-program.ts'
import type { SmokeTest } from './smoke-test.ts'
import { smokeTests } from './smoke-tests.ts'

const file = new URL('../../docs/runtimes.md', import.meta.url)
const [start, end] = ['<!-- results:start -->', '<!-- results:end -->']

/** The columns, in the order of `programs/smoke.mjs` and `programs/server.mjs`. */
const checks: readonly string[] = [
  'whole answer',
  'stream',
  'relay',
  'tools',
  'abort',
  'errors',
  'retry',
  'structured output',
  'session',
  'handler',
  'MCP',
  'require()',
]

/** What the page is to say: of tests that were made, what came of them; of others, what it has said of the same version. */
export function resultTable(results: ReadonlyMap<SmokeTest, Outcomes>): string {
  const notes: string[] = []
  const cell = (outcome: string | undefined) => {
    if (outcome === undefined) return '–'
    if (outcome === 'ok') return 'yes'
    const [note = ''] = outcome.split('\n')
    if (!notes.includes(note)) notes.push(note)
    return `no (${notes.indexOf(note) + 1})`
  }
  const rows = smokeTests.map((test) => {
    const outcomes = results.get(test) ?? readOutcomes(test)
    return [test.name, test.version, ...checks.map((check) => cell(outcomes[check])), test.store]
  })
  const list = notes.map((note, at) => `${at + 1}. ${note}`)
  const table = formatTable(['runtime', 'version', ...checks, 'sessions in'], rows)
  return [table, ...(list.length ? ['', ...list] : [])].join('\n')
}

/** What the page says of a test. */
function readOutcomes({ name, version }: SmokeTest): Outcomes {
  const lines = readResults().split('\n')
  const row = lines.find((line) => line.replaceAll(/ +/g, ' ').startsWith(`| ${name} | ${version} |`))
  const cells = row?.split('|').map((cell) => cell.trim()) ?? []
  const outcomes = checks.flatMap((check, at): [string, string][] => {
    const cell = cells[at + 3] ?? 'no'
    if (cell === '–') return []
    const note = /\((\d+)\)/.exec(cell)?.[1]
    return [
      [check, cell === 'yes' ? 'ok' : (lines.find((line) => line.startsWith(`${note}. `))?.slice(3) ?? 'not run')],
    ]
  })
  return Object.fromEntries(outcomes)
}

/** What the page says of all. */
export function readResults(): string {
  const page = readFileSync(file, 'utf8')
  return page.slice(page.indexOf(start) + start.length, page.indexOf(end)).trim()
}

export function writeResults(results: string): void {
  const page = readFileSync(file, 'utf8')
  const [head, rest] = [page.slice(0, page.indexOf(start) + start.length), page.slice(page.indexOf(end))]
  writeFileSync(file, `${head}\n${results}\n${rest}`)
}
