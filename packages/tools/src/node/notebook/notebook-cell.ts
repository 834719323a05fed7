import { randomBytes } from 'node:crypto'

/** A cell as it stands in the file. */
export interface NotebookCell {
  readonly [key: string]: unknown
}

export type CellType = 'code' | 'markdown' | 'raw'

/** The cell with other text. One of code has put out nothing yet; the others never do. */
export function withSource(cell: NotebookCell, type: CellType, source: string): NotebookCell {
  const { outputs: _, execution_count: __, ...rest } = cell
  if (type !== 'code') return { ...rest, cell_type: type, source: toSource(cell.source, source) }
  // From the cell itself, so that its fields keep their order.
  const { attachments: ___, ...code } = cell
  return { ...code, cell_type: type, source: toSource(cell.source, source), outputs: [], execution_count: null }
}

/** A new cell; one with an id where the cells beside it have one or, since version 4.5 of the format, must. */
export function newCell(
  type: CellType,
  source: string,
  others: readonly NotebookCell[],
  hasIds: boolean,
): NotebookCell {
  const { source: sample = [] } = others[0] ?? {}
  const id = hasIds ? { id: newId(others) } : {}
  const common = { ...id, metadata: {}, source: toSource(sample, source) }
  if (type !== 'code') return { cell_type: type, ...common }
  return { cell_type: type, execution_count: null, ...id, metadata: {}, outputs: [], source: common.source }
}

function newId(cells: readonly NotebookCell[]): string {
  const used = new Set(cells.map(({ id }) => id))
  for (;;) {
    const id = randomBytes(4).toString('hex')
    if (!used.has(id)) return id
  }
}

/** The format takes a text whole or as lines with their breaks; a file has mostly the one or the other. */
function toSource(sample: unknown, source: string): string | string[] {
  return typeof sample === 'string' ? source : source.split(/(?<=\n)/).filter(Boolean)
}
