import { constants } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import type { ToolResultContent } from '@enjamb/core'
import { readDefinition } from '../code/read.ts'
import { defineTool } from '../define-tool.ts'
import type { Tool } from '../tool.ts'
import type { Folders } from './folders.ts'
import { readLines } from './read-lines.ts'

const defaultLines = 2_000
const maxLineChars = 2_000
/** What the API takes for one image, and for one request. */
const maxImageBytes = 5 * 1024 * 1024
const maxDocumentBytes = 32 * 1024 * 1024

const imageTypes: Record<string, 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}

/** The Read tool: it shows text with line numbers, images and PDF documents. */
export function readTool(
  folders: Folders,
): Tool<{ file_path: string; offset?: number | undefined; limit?: number | undefined }> {
  return defineTool({
    ...readDefinition,
    readOnly: true,
    idempotent: true,
    async run({ file_path, offset = 1, limit = defaultLines }, { signal }) {
      const path = await folders.resolve(file_path)
      const file = await openFile(path, file_path)
      try {
        // A link may have been put in the way between the look and the opening.
        await folders.resolve(file_path)
        const { size } = await file.stat()
        const type = imageTypes[extname(path).toLowerCase()]
        if (type) return [imageBlock(await readWhole(file, size, maxImageBytes, file_path), type)]
        if (/\.pdf$/i.test(path)) return [documentBlock(await readWhole(file, size, maxDocumentBytes, file_path))]
        const { lines, more, binary } = await readLines(
          file,
          { first: offset, count: limit, maxChars: maxLineChars },
          signal,
        )
        if (binary) throw new Error(`${file_path} is a binary file of ${size} bytes.`)
        return describe(lines, offset, more)
      } finally {
        await file.close()
      }
    },
  })
}

async function openFile(path: string, named: string): Promise<FileHandle> {
  let file: FileHandle
  try {
    // Without O_NONBLOCK a pipe that nobody writes would be waited for without end.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') throw new Error(`${named} cannot be read: ${code}`)
    throw new Error(`${named} does not exist.${await similarNames(path)}`)
  }
  const stats = await file.stat()
  if (stats.isFile()) return file
  await file.close()
  throw new Error(stats.isDirectory() ? `${named} is a folder: use Glob to list it.` : `${named} is no regular file.`)
}

async function similarNames(path: string): Promise<string> {
  const stem = basename(path, extname(path)).toLowerCase()
  const names = await readdir(dirname(path)).catch(() => [])
  const similar = names.filter(
    (name) => name.toLowerCase().includes(stem) || stem.includes(basename(name, extname(name)).toLowerCase()),
  )
  return similar.length ? ` Beside it there is: ${similar.slice(0, 5).join(', ')}` : ''
}

async function readWhole(file: FileHandle, size: number, limit: number, named: string): Promise<string> {
  if (size > limit) throw new Error(`${named} has ${size} bytes; at most ${limit} can be shown.`)
  return (await file.readFile()).toString('base64')
}

function imageBlock(
  data: string,
  media_type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp',
): ToolResultContent {
  return { type: 'image', source: { type: 'base64', media_type, data } }
}

function documentBlock(data: string): ToolResultContent {
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } }
}

function describe(lines: string[], first: number, more: boolean): string {
  if (!lines.length) return first === 1 ? '[The file is empty.]' : `[The file has fewer than ${first} lines.]`
  const numbered = lines.map((line, index) => `${String(first + index).padStart(6)}\t${line}`)
  if (more) numbered.push(`[There is more: go on with offset ${first + lines.length}.]`)
  return numbered.join('\n')
}
