import { Buffer } from 'node:buffer'
import type { ImageBlockParam, ToolResultContent } from '@enjamb/core'
import { maxImageBytes } from '../../image-format.ts'
import { parseNotebookJSON } from '../parse-notebook-json.ts'
import { toImageBlock } from './image-block.ts'
import { maxTextChars, type TextRange } from './read-text.ts'

/** What can be read of a notebook, outputs included. */
export const maxNotebookBytes = 20 * 1024 * 1024
const maxSourceChars = 20_000
const maxOutputChars = 10_000
const maxOutputs = 100
/** A request with more takes no large ones any more, and at some number none. */
const maxPictures = 20

/**
 * The cells of a Jupyter notebook with what they put out, pictures as images; `undefined` if it is none. The range counts
 * cells.
 *
 * @throws {Error} for the model: the notebook has fewer cells
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export async function readNotebook(
  json: string,
  { offset, limit }: TextRange,
): Promise<ToolResultContent[] | undefined> {
  const { cells } = Object(await parseNotebookJSON(json)) as JSONObject
  if (!Array.isArray(cells)) return undefined
  if (!cells.length) return [{ type: 'text', text: '[The notebook has no cells.]' }]
  if (offset > cells.length) throw new Error(`The notebook has ${cells.length} cells: there is no cell ${offset}.`)
  const blocks: ToolResultContent[] = []
  let chars = 0
  const room = { bytes: maxImageBytes, pictures: maxPictures }
  for (const [index, cell] of cells.entries()) {
    if (index + 1 < offset) continue
    if (index + 1 >= offset + limit || chars >= maxTextChars) {
      blocks.push({ type: 'text', text: `[There is more: go on with offset ${index + 1}, which counts cells.]` })
      break
    }
    for (const part of showCell(Object(cell), index + 1)) {
      if (chars >= maxTextChars) {
        blocks.push({ type: 'text', text: '[The rest of what this cell put out is left out.]' })
        break
      }
      const block = typeof part === 'string' ? part : toPicture(part.data, room)
      if (typeof block === 'string') chars += block.length
      blocks.push(typeof block === 'string' ? { type: 'text', text: block } : block)
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

function showCell(cell: JSONObject, number: number): (string | Picture)[] {
  const id = typeof cell.id === 'string' ? `, id ${JSON.stringify(cell.id)}` : ''
  const source = cut(toText(cell.source), maxSourceChars)
  const outputs = Array.isArray(cell.outputs) ? cell.outputs : []
  const more = outputs.length - maxOutputs
  return [
    `[Cell ${number}, ${String(cell.cell_type)}${id}]\n${source}`,
    ...outputs.slice(0, maxOutputs).flatMap((one) => showOutput(Object(one))),
    ...(more > 0 ? [`[${more} more outputs of this cell are left out.]`] : []),
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

function toPicture(data: string, room: { bytes: number; pictures: number }): ImageBlockParam | string {
  const bytes = data.length * 0.75
  if (bytes > room.bytes || !room.pictures) return '[An image is left out: there are too many in one result.]'
  try {
    const block = toImageBlock(Buffer.from(data, 'base64'))
    if (!block) return '[An image is left out: it is broken.]'
    room.bytes -= bytes
    room.pictures--
    return block
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
