import { isAbsolute } from 'node:path'
import { expandBraces } from './expand-braces.ts'

/** A pattern taken apart: the folder that it starts in, and what matches below. */
export interface GlobPattern {
  /** Absolute or relative; it has not been checked. */
  folder: string
  /** Patterns of which one must match. Nothing in them leads upwards. */
  patterns: string[]
}

const maxStars = 3

/**
 * Separates the folder that a pattern names from what varies, so that the folder goes the way of every path.
 *
 * Parentheses are taken for what they are, since folders are named with them; so are square brackets, which may stand for
 * one of several characters as well. Braces are written out: as one pattern they could be matched in so many ways that a
 * single long name holds up the whole process.
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
  const texts = expandBraces(parts.slice(split).join('/')).map(toPlainPath).filter(Boolean)
  if (!texts.length) throw new Error('The pattern names a folder: for what is in it, add "**".')
  if (texts.some((text) => text.replaceAll('\\', '').split('/').includes('..'))) {
    throw new Error('A pattern cannot lead upwards: name the folder to search in with path.')
  }
  if (!texts.every(hasFewWildcards))
    throw new Error(`A pattern can have at most ${maxStars} "*" in a name, and as many "**".`)
  const literal = texts.map((text) => escaped(text, /[()+]/).replace(/^!/, '\\!'))
  return {
    folder: start || (isAbsolute(pattern) ? '/' : '.'),
    patterns: [...new Set([...literal, ...literal.map((text) => escaped(text, /[[\]]/))])],
  }
}

/** Without the slashes and dots that say nothing, of which one at the start would lead elsewhere. */
function toPlainPath(text: string): string {
  return text
    .split('/')
    .filter((part) => part && part !== '.')
    .join('/')
}

/** Takes away the meaning of some characters, unless a backslash has done so already. */
function escaped(text: string, characters: RegExp): string {
  return text.replace(/\\?./gs, (one) => (characters.test(one) && one.length === 1 ? `\\${one}` : one))
}

/**
 * Matching takes steps to the power of the wildcards: with many of them, one file with a long name of the right kind
 * holds up the whole process.
 */
export function hasFewWildcards(pattern: string): boolean {
  const parts = pattern.split('/')
  const stars = (part: string) => part.split('*').length - 1
  return parts.filter((part) => part === '**').length <= maxStars && parts.every((part) => stars(part) <= maxStars)
}
