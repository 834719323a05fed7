import { parseNotebookJSON } from '../parse-notebook-json.ts'
import { type JSONPart, jsonParts } from './json-parts.ts'
import { type CellType, type NotebookCell, newCell, withSource } from './notebook-cell.ts'

export interface NotebookChange {
  mode: 'replace' | 'insert' | 'delete'
  /** The id or, from 1, the number of the cell; neither only with `insert`. */
  id?: string | undefined
  number?: number | undefined
  type?: CellType | undefined
  source?: string | undefined
}

/**
 * Changes one cell of a notebook and leaves every other character as it is.
 *
 * @throws {Error} for the model: it is no notebook of version 4, there is no such cell, or something is missing
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export async function editNotebook(json: string, change: NotebookChange): Promise<{ json: string; report: string }> {
  const notebook = await parseNotebook(json)
  const { cells } = notebook
  const index = findCell(cells, change)
  const { mode, type, source } = change
  if (mode === 'delete') return { json: cut(notebook, index), report: `Deleted cell ${index + 1}` }
  if (source === undefined) throw new Error('new_source is missing: give all that the cell shall hold.')
  const cell = cells[index]
  if (mode === 'replace' && cell) {
    const changed = withSource(cell, type ?? (cell.cell_type as CellType), source)
    const { start, end } = notebook.parts[index]!
    const report = `Replaced cell ${index + 1}`
    return { json: json.slice(0, start) + format(notebook, changed) + json.slice(end), report }
  }
  const added = newCell(type ?? 'code', source, cells, notebook.hasIds)
  const named = added.id === undefined ? '' : ` with the id ${JSON.stringify(added.id)}`
  return { json: paste(notebook, index + 1, added), report: `Inserted cell ${index + 2}${named}` }
}

interface Notebook {
  json: string
  cells: NotebookCell[]
  /** Where the cells stand. */
  parts: JSONPart[]
  /** Where the list of them stands. */
  list: JSONPart
  hasIds: boolean
}

async function parseNotebook(json: string): Promise<Notebook> {
  const content: { [key: string]: unknown } = Object(await parseNotebookJSON(json))
  const { cells, nbformat, nbformat_minor: minor } = content
  if (!Array.isArray(cells)) throw new Error('It is no notebook of version 4 (.ipynb): to change other files use Edit.')
  // Of two fields with one name, the last is the one that counts.
  const list = jsonParts(json, json.indexOf('{')).findLast(({ key }) => key === 'cells')!
  const known = cells.map((cell) => Object(cell) as NotebookCell)
  const hasIds = nbformat === 4 && Number(minor) >= 5 ? true : known.some(({ id }) => id !== undefined)
  return { json, cells: known, parts: jsonParts(json, list.start), list, hasIds }
}

/** -1 stands for before the first. */
function findCell(cells: readonly NotebookCell[], { mode, id, number }: NotebookChange): number {
  if (id !== undefined && number !== undefined) throw new Error('Give either cell_id or cell_number, not both.')
  if (number !== undefined && number > cells.length) {
    throw new Error(`There is no cell ${number}: the notebook has ${cells.length}.`)
  }
  if (number !== undefined) return number - 1
  if (id === undefined && mode === 'insert') return -1
  if (id === undefined) throw new Error('Say which cell, with cell_id or cell_number.')
  const found = cells.flatMap((cell, index) => (cell.id === id ? index : []))
  if (found.length > 1) throw new Error(`${found.length} cells have the id ${JSON.stringify(id)}: use cell_number.`)
  if (!found.length) throw new Error(`No cell has the id ${JSON.stringify(id)}: use Read to see them.`)
  return found[0]!
}

function cut({ json, parts, list }: Notebook, index: number): string {
  const next = parts[index + 1]
  if (next) return json.slice(0, parts[index]!.start) + json.slice(next.start)
  const before = parts[index - 1]
  if (before) return json.slice(0, before.end) + json.slice(parts[index]!.end)
  return `${json.slice(0, list.start)}[]${json.slice(list.end)}`
}

function paste(notebook: Notebook, index: number, cell: NotebookCell): string {
  const { json, parts, list } = notebook
  const text = format(notebook, cell)
  const { between, outer } = layoutOf(notebook)
  const before = parts[index - 1]
  if (before) return `${json.slice(0, before.end)},${between}${text}${json.slice(before.end)}`
  const next = parts[index]
  if (next) return `${json.slice(0, next.start)}${text},${between}${json.slice(next.start)}`
  return `${json.slice(0, list.start)}[${between}${text}${outer}]${json.slice(list.end)}`
}

/** A cell as the file would write it. */
function format(notebook: Notebook, cell: NotebookCell): string {
  const { between, unit } = layoutOf(notebook)
  return unit ? JSON.stringify(cell, null, unit).replaceAll('\n', between) : JSON.stringify(cell)
}

/** `between` is the space before a cell, `outer` that before the end of the list, both with their line break. */
function layoutOf({ json, parts, list }: Notebook): { between: string; outer: string; unit: string } {
  const unit = /^\s*\{\r?\n([ \t]+)/.exec(json)?.[1] ?? ''
  const lineBreak = unit && json.includes('\r\n') ? '\r\n' : unit && '\n'
  const first = parts[0]
  const between = first && json.slice(list.start + 1, first.start)
  return {
    between: between ?? lineBreak + unit.repeat(2),
    outer: lineBreak + unit,
    unit: between === undefined || between.includes('\n') ? unit : '',
  }
}
