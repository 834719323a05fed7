import { formatValue } from './format-value.ts'

/** Rows as `console.table` of Node draws them. */
export function toTable(rows: object): string {
  const entries = Object.entries(rows).map(
    ([index, row]) => [index, Object(row) === row ? row : { Values: row }] as const,
  )
  const columns = [...new Set(entries.flatMap(([, row]) => Object.keys(row)))]
  const cells = entries.map(([index, row]) => [
    index,
    ...columns.map((name) => (name in row ? formatValue(row[name], 2) : '')),
  ])
  const lines = [['(index)', ...columns], ...cells]
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)) + 2)
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width)).join(middle)}${right}\n`
  const [head, ...body] = lines.map((line) => `│${line.map((cell, at) => ` ${cell}`.padEnd(widths[at]!)).join('│')}│\n`)
  return `${rule('┌', '┬', '┐')}${head}${rule('├', '┼', '┤')}${body.join('')}${rule('└', '┴', '┘')}`
}
