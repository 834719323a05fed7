import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Script } from '../script/script.ts'
import type { Turn } from '../script/turn.ts'

/**
 * A script from a file: a list of turns in JSON, or a module whose default export is such a list or a `script(…)`.
 *
 * @throws {Error} where the file cannot be read, or holds neither
 */
export async function loadScript(file: string): Promise<Script> {
  const value: unknown =
    extname(file) === '.json'
      ? JSON.parse(await readFile(file, 'utf8'))
      : ((await import(pathToFileURL(resolve(file)).href)) as { default?: unknown }).default
  const turns = Array.isArray(value) ? value : (value as { turns?: unknown } | undefined)?.turns
  if (!Array.isArray(turns)) throw new Error(`${file} holds no list of turns`)
  return { turns: turns as Turn[] }
}
