import type { Report, Row } from './report.ts'

/** A report as a section with a table, and a line for each goal. */
export function toMarkdown({ title, method, rows, goals, leftOut = [] }: Report): string {
  const lines = rows.map(
    (row) => `| ${row.name} | ${formatValue(row)} | ${row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}`} |`,
  )
  const marks = goals.map(
    ({ what, atMost, measured }) =>
      `- ${what}: ${round(measured)}, to be at most ${round(atMost)}${measured > atMost ? ' (**missed**)' : ''}`,
  )
  const without = leftOut.length > 0 ? ['', `Left out on Node ${process.version}: ${leftOut.join('; ')}.`] : []
  const table = ['', '| | | ratio |', '|---|--:|--:|', ...lines, '']
  return [`## ${title}`, '', method, ...without, ...table, ...marks, ''].join('\n')
}

function formatValue({ value, unit }: Row): string {
  return `${value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${unit}`
}

function round(value: number): string {
  return value < 0.01 ? `1/${Math.round(1 / value)}` : value.toFixed(2)
}
