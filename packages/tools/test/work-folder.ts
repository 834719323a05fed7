import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { type Toolset, toolset } from '../src/index.ts'
import { codingTools, type FolderOptions } from '../src/node/index.ts'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A new temporary folder `top` with a working folder `cwd` in it, and the tools at work there. */
export function workFolder(options: Partial<FolderOptions> = {}) {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'tools-')))
  made.push(top)
  const cwd = join(top, 'work')
  mkdirSync(cwd)
  // One set for all calls, since the tools remember what was read.
  let tools: Toolset | undefined

  return {
    top,
    cwd,
    /** Writes a file below `cwd`, its folders included; the time is in seconds. */
    write(name: string, content: string | Uint8Array = '', time?: number): string {
      const path = join(cwd, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      if (time !== undefined) utimesSync(path, time, time)
      return path
    },
    async call(name: string, input: object, signal?: AbortSignal) {
      const block = { type: 'tool_use' as const, id: 'toolu_1', name, input }
      tools ??= toolset(codingTools({ cwd, ...options }))
      const { content, is_error } = await tools.call(block, { signal })
      const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : (content ?? [])
      const text = blocks.map((one) => (one.type === 'text' ? one.text : `<${one.type}>`)).join('\n')
      return { isError: !!is_error, text, blocks }
    },
  }
}
