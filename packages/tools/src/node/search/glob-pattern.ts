import { isAbsolute } from 'node:path'
import { compileGlob, type Glob } from '../../glob/compile-glob.ts'
import { expandBraces } from '../../glob/expand-braces.ts'

/** A pattern taken apart: the folder that it starts in, and what matches below. */
export interface GlobPattern {
  /** Absolute or relative; it has not been checked. */
  folder: string
  /** What must match below it. Nothing in it leads upwards. */
  glob: Glob
  /** Globs of ripgrep of which one matches whatever `glob` does, and perhaps more. */
  wider: string[]
  /** How many folders and a file deep to look at most, if there is a limit. */
  depth: number | undefined
}

/**
 * Separates the folder that a pattern names from what varies, so that the folder goes the way of every path.
 *
 * @throws {Error} for the model: the pattern leads upwards behind a wildcard, or is of a kind that is not understood
 */
export function parseGlobPattern(given: string, platform: NodeJS.Platform = process.platform): GlobPattern {
  const pattern = platform === 'win32' ? given.replaceAll('\\', '/') : given
  if (pattern.startsWith('!')) throw new Error('A pattern cannot begin with "!": say what to find.')
  if (/[@!+*?]\([^)]*\|/.test(pattern)) throw new Error('For one of several write braces: "*.{ts,js}".')
  const parts = pattern.split('/')
  const wild = parts.findIndex((part) => /[*?{}[\]\\]/.test(part))
  const split = wild < 0 ? parts.length - 1 : wild
  const start = parts.slice(0, split).join('/')
  const expanded = expandBraces(parts.slice(split).join('/'))
  const texts = [...new Set(expanded.map(toPlainPath).filter(Boolean))]
  if (expanded.some((text) => text.endsWith('/'))) {
    throw new Error('A pattern that ends in "/" names folders: for what is in them, add "**".')
  }
  if (!texts.length) throw new Error('The pattern names a folder: for what is in it, add "**".')
  if (texts.some((text) => text.replaceAll('\\', '').split('/').includes('..'))) {
    throw new Error('A pattern cannot lead upwards: name the folder to search in with path.')
  }
  const depths = texts.map((text) => text.split('/')).map((names) => (names.some(isDeep) ? undefined : names.length))
  return {
    folder: start || (isAbsolute(pattern) ? '/' : '.'),
    glob: compileGlob(texts.length > 1 ? `{${texts.map(withoutBraces).join(',')}}` : withoutBraces(texts[0]!)),
    wider: [...new Set(texts.map(toWider))],
    depth: depths.includes(undefined) ? undefined : Math.max(...(depths as number[])),
  }
}

/** Without the slashes and dots that say nothing, of which one at the start would lead elsewhere. */
function toPlainPath(text: string): string {
  return text
    .split('/')
    .filter((part) => part && part !== '.')
    .join('/')
}

/** They have been written out; those that are left stand for themselves. */
export function withoutBraces(text: string): string {
  return text.replace(/\\?./gs, (one) => (/^[{},]$/.test(one) ? `\\${one}` : one))
}

function isDeep(name: string): boolean {
  return /^\*\*+$/.test(name)
}

/**
 * What ripgrep may read in another way than we do becomes `*`, and the rest has no meaning but its own. It counts bytes
 * where we count characters, and knows brackets only as one of several characters.
 */
export function toWider(text: string): string {
  const names = text.split('/').map((name) => {
    if (isDeep(name)) return '**'
    const plain = name.replace(/\[.*\]|\\?./gsu, (one) => {
      if (one === '*' || one === '?' || (one[0] === '[' && one.length > 1)) return '*'
      const character = one.length > 1 && one[0] === '\\' ? one.slice(1) : one
      return /[\w.-]|[^\0-\x7f]/.test(character) ? character : `\\${character}`
    })
    return plain.replace(/\*+/g, '*')
  })
  return `/${names.join('/')}`
}
