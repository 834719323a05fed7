import type { Report, Row } from './report.ts'

/** A report as a section with a table, and a line for each goal. */
export function toMarkdown({ title, method, rows, table, goals, leftOut = [] }: Report): string {
  const marks = goals.map(
    ({ what, atMost, measured }) =>
      `- ${what}: ${round(measured)}, to be at most ${round(atMost)}${measured > atMost ? ' (**missed**)' : ''}`,
  )
  const without = leftOut.length > 0 ? ['', `Left out on Node ${process.version}: ${leftOut.join('; ')}.`] : []
  const cells = table ?? [['', '', 'ratio'], ...rows.map(toCells)]
  return [`## ${title}`, '', method, ...without, '', ...toTable(cells), '', ...marks, ''].join('\n')
}

/** The lines of a table, the first one its head. All columns but the first are of figures. */
export function toTable([head, ...body]: string[][]): string[] {
  const toLine = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [toLine(head!), `|${head!.map((_, n) => (n > 0 ? '--:' : '---')).join('|')}|`, ...body.map(toLine)]
}

function toCells(row: Row): string[] {
  return [row.name, formatValue(row), row.ratio?.toFixed(2) ?? '']
}

function formatValue({ value, unit }: Row): string {
  return `${value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${unit}`
}

function round(value: number): string {
  if (value === 0) return '0'
  return value < 0.01 ? `1/${Math.round(1 / value)}` : value.toFixed(2)
}
