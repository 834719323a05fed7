/** A row of a Markdown table: its cells as they stand. */
export type Row = string[]

/**
 * The row that begins with a text, in a table of a Markdown file.
 *
 * @throws Error when there is none, so that no number on the site outlives what was measured.
 */
export function findRow(markdown: string, beginning: string): Row {
  const line = markdown.split('\n').find((text) => text.startsWith(`| ${beginning}`))
  if (!line) throw new Error(`No table has a row that begins with "${beginning}": name one that is there.`)
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** What stands below a heading of the second level, up to the next. */
export function sectionOf(markdown: string, heading: string): string {
  const [, ...parts] = markdown.split(/^## /m)
  const part = parts.find((text) => text.startsWith(`${heading}\n`))
  if (!part) throw new Error(`There is no section "${heading}": name one that is there.`)
  return part.slice(heading.length).trim()
}
