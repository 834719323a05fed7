import { Buffer } from 'node:buffer'
import type { ImageBlockParam, ToolResultContent } from '@enjamb/core'
import { maxImageBytes } from '../image-format.ts'
import { toImageBlock } from './image-block.ts'
import { maxTextChars, type TextRange } from './read-text.ts'

/** What can be read of a notebook, outputs included. */
export const maxNotebookBytes = 20 * 1024 * 1024
const maxSourceChars = 20_000
const maxOutputChars = 10_000

/**
 * The cells of a Jupyter notebook with what they put out, pictures as images; `undefined` if it is none. The range counts
 * cells.
 *
 * @throws {Error} for the model: the notebook has fewer cells
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function readNotebook(json: string, { offset, limit }: TextRange): ToolResultContent[] | undefined {
  const cells = parseCells(json)
  if (!cells) return undefined
  if (!cells.length) return [{ type: 'text', text: '[The notebook has no cells.]' }]
  if (offset > cells.length) throw new Error(`The notebook has ${cells.length} cells: there is no cell ${offset}.`)
  const blocks: ToolResultContent[] = []
  let chars = 0
  let room = maxImageBytes
  for (const [index, cell] of cells.entries()) {
    if (index + 1 < offset) continue
    if (index + 1 >= offset + limit || chars >= maxTextChars) {
      blocks.push({ type: 'text', text: `[There is more: go on with offset ${index + 1}, which counts cells.]` })
      break
    }
    for (const part of showCell(Object(cell), index + 1)) {
      if (typeof part === 'string') chars += part.length
      const picture = typeof part === 'string' ? part : toPicture(part.data, room)
      if (typeof picture !== 'string') room -= (part as Picture).data.length * 0.75
      blocks.push(typeof picture === 'string' ? { type: 'text', text: picture } : picture)
    }
  }
  return blocks
}

interface JSONObject {
  readonly [key: string]: unknown
}

/** An image as the notebook holds it: base64, perhaps in lines. */
interface Picture {
  data: string
}

function parseCells(json: string): unknown[] | undefined {
  try {
    const { cells } = Object(JSON.parse(json)) as JSONObject
    return Array.isArray(cells) ? cells : undefined
  } catch {
    return undefined
  }
}

function showCell(cell: JSONObject, number: number): (string | Picture)[] {
  const id = typeof cell.id === 'string' ? `, id ${JSON.stringify(cell.id)}` : ''
  const source = cut(toText(cell.source), maxSourceChars)
  const outputs = Array.isArray(cell.outputs) ? cell.outputs : []
  return [
    `[Cell ${number}, ${String(cell.cell_type)}${id}]\n${source}`,
    ...outputs.flatMap((one) => showOutput(Object(one))),
  ]
}

function showOutput(output: JSONObject): (string | Picture)[] {
  const data = Object(output.data) as JSONObject
  const picture = data['image/png'] ?? data['image/jpeg']
  if (picture) return [{ data: toText(picture) }]
  const { ename, evalue, traceback } = output
  const error = Array.isArray(traceback) && traceback.length ? traceback.join('\n') : `${ename}: ${evalue}`
  const text = output.output_type === 'error' ? error : toText(output.text ?? data['text/plain'])
  return text ? [`[Output]\n${cut(withoutColours(text), maxOutputChars)}`] : []
}

function toPicture(data: string, room: number): ImageBlockParam | string {
  if (data.length * 0.75 > room) return '[An image is left out: there are too many in one result.]'
  try {
    return toImageBlock(Buffer.from(data, 'base64')) ?? '[An image is left out: it is broken.]'
  } catch (error) {
    return `[An image is left out. ${(error as Error).message}]`
  }
}

/** The format splits any text into lines as it likes. */
function toText(value: unknown): string {
  return Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : ''
}

function cut(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars)}\n[cut: ${chars} of ${text.length} characters]` : text
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one
  return text.replace(/\u001b\[[\d;]*m/g, '')
}
