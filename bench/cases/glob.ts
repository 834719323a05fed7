import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Toolset, toolset } from '@enjamb/tools'
import { globTool } from '@enjamb/tools/node'
import { rgPath } from '@vscode/ripgrep'
import { atMostRounds } from '../at-most-rounds.ts'
import { median, type Report } from '../report.ts'

const sizes = [25_000, 50_000, 100_000]
const pairs = atMostRounds(7)

/** A project of so many files, a hundred in a folder, every fifth in TypeScript. */
function makeTree(files: number): string {
  const top = mkdtempSync(join(tmpdir(), 'bench-'))
  for (let folder = 0; folder < files / 100; folder++) {
    const path = join(top, `package-${folder % 20}`, `part-${folder}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < 100; file++) writeFileSync(join(path, `file-${file}.${file % 5 ? 'md' : 'ts'}`), '')
  }
  return top
}

async function listPlainly(cwd: string): Promise<string> {
  const args = ['--files', '--sortr=modified', '--glob=*.ts']
  const { stdout } = await promisify(execFile)(rgPath, args, { cwd, maxBuffer: 2 ** 30 })
  return stdout
}

async function listByTool(tools: Toolset): Promise<string> {
  const call = { type: 'tool_use' as const, id: 'toolu_1', name: 'Glob', input: { pattern: '**/*.ts' } }
  return String((await tools.call(call)).content)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function measure(files: number) {
  const cwd = makeTree(files)
  try {
    const tools = toolset([globTool({ cwd, program: rgPath })])
    const total = (await listPlainly(cwd)).trimEnd().split('\n').length
    const shown = await listByTool(tools)
    if (!shown.endsWith(`[${total - 1_000} more: use a narrower pattern.]`))
      throw new Error('They find different files.')
    const times: { tool: number; plain: number }[] = []
    for (let pair = 0; pair < pairs; pair++) {
      const plain = await timed(() => listPlainly(cwd))
      times.push({ plain, tool: await timed(() => listByTool(tools)) })
    }
    return {
      tool: median(times.map(({ tool }) => tool)),
      plain: median(times.map(({ plain }) => plain)),
      ratio: median(times.map(({ tool, plain }) => tool / plain)),
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

export default async function run(): Promise<Report> {
  const rows: Report['rows'] = []
  let last = 0
  for (const files of sizes) {
    const { tool, plain, ratio } = await measure(files)
    last = ratio
    const note = `${files.toLocaleString('en')} files`
    rows.push({ name: '`rg --files --sortr modified`', value: plain, unit: 'ms', ratio: 1, note })
    rows.push({ name: 'Glob', value: tool, unit: 'ms', ratio, ours: true, note })
  }
  return {
    title: 'Finding files by a pattern, the latest changed first',
    method: `In projects of twice as many files each time, of which a fifth match \`**/*.ts\`; ${pairs} pairs of runs, medians.`,
    rows,
    goals: [{ what: 'Glob against plain ripgrep, 100,000 files', atMost: 1.3, measured: last }],
  }
}
