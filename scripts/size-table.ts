import { measureSize } from './measure-size.ts'
import { peers, type SizeBudget, type SizeEntry, sizeBudgets } from './size-budgets.ts'

const start = '<!-- sizes:start -->'
const end = '<!-- sizes:end -->'

/** The README's table of sizes: every budget and every peer, measured now. */
export async function sizeTable(): Promise<string> {
  const rows = await Promise.all([...sizeBudgets, ...peers].map(row))
  return formatTable(['import', 'bundled, gzipped', 'at most', 'goal'], rows)
}

async function row(entry: SizeEntry | SizeBudget): Promise<string[]> {
  const limits = 'maxBytes' in entry ? [entry.maxBytes, entry.goalBytes] : []
  const [most = '', goal = ''] = limits.map(formatSize)
  return [entry.name, formatSize(await measureSize(entry)), most, goal]
}

/** Markdown with columns as wide as their widest cell, which is how the formatter wants it. */
export function formatTable(head: string[], rows: string[][]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((cells) => cells[i]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [head, rule, ...rows].map(line).join('\n')
}

function formatSize(bytes: number): string {
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 2 : 1)} kB`
}

/**
 * The table as it stands between the markers of a README.
 *
 * @throws Error when the README lacks the markers.
 */
export function readSizeTable(readme: string): string {
  return readme.slice(...bounds(readme)).trim()
}

/** The README with another table between its markers. */
export function withSizeTable(readme: string, table: string): string {
  const [from, to] = bounds(readme)
  return `${readme.slice(0, from)}\n${table}\n${readme.slice(to)}`
}

function bounds(readme: string): [from: number, to: number] {
  const from = readme.indexOf(start)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md needs the markers ${start} and ${end}, in this order`)
  return [from + start.length, to]
}
