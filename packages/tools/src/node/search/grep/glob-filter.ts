import { sep } from 'node:path'
import { compileGlob } from '../../../glob/compile-glob.ts'
import { expandBraces } from '../../../glob/expand-braces.ts'
import { toWider, withoutBraces } from '../glob-pattern.ts'

/** Which files a search is about. */
export interface GlobFilter {
  /** For ripgrep, which may let more through. */
  wider: string[]
  /** Is it about this file? By its path below the folder of the search. */
  fits(name: string): boolean
}

/**
 * Reads the globs that a model chooses files with, however it puts them together. They mean what they mean to Glob, but that
 * one without a slash is for a name at any depth, as in `.gitignore`, one that ends in a slash for all that is in the folder, and
 * one with `!` before it takes files out. The last that fits counts; where none does, a file is in if none could have let it in.
 *
 * @throws {Error} for the model: one of them makes no sense
 */
export function toGlobFilter(text = ''): GlobFilter {
  const globs = toGlobs(text).map((glob) => {
    const isNot = glob.startsWith('!')
    const plain = toPath(isNot ? glob.slice(1) : glob)
    const { fits } = compileGlob(withoutBraces(plain))
    return { isNot, fits, plain }
  })
  const isOpen = globs.every(({ isNot }) => isNot)
  // What is to be taken out must not be more than was meant.
  const forSearch = globs.filter(({ isNot, plain }) => !isNot || !/[?[]/.test(plain))
  return {
    wider: forSearch.map(({ isNot, plain }) => (isNot ? '!' : '') + toWider(plain)),
    fits(name) {
      const path = sep === '/' ? name : name.replaceAll(sep, '/')
      const last = globs.findLast(({ fits }) => fits(path))
      return last ? !last.isNot : isOpen
    },
  }
}

/** A comma separates them as it does in braces; a space does so only where a glob seems to begin, since names have spaces, too. */
function toGlobs(text: string): string[] {
  const globs = expandBraces(`{${text},}`).flatMap((glob) => glob.split(/\s(?=[!*])/))
  return globs.map((glob) => glob.trim()).filter(Boolean)
}

/** A glob for the path below the folder of the search. */
function toPath(glob: string): string {
  const inside = glob.endsWith('/') ? `${glob}**` : glob
  const names = inside.split('/').filter((name) => name && name !== '.')
  return inside.includes('/') ? names.join('/') : `**/${inside}`
}
