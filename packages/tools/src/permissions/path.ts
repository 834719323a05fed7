import { ConfigError } from '@enjamb/core'
import { compileGlob, type Glob } from '../glob/compile-glob.ts'

/**
 * Does a path match a glob, as `compileGlob` reads it? Both may be relative to `cwd`; `.` and `..` are resolved in words,
 * links are not followed.
 */
export function matchesPath(glob: string, path: string, cwd: string): boolean {
  const whole = globAt(glob, cwd)
  return readings(path, cwd).every((reading) => whole.fits(reading))
}

/**
 * Tells whether a path may be one that the glob is about. On some disks capitals and composed letters make no difference,
 * and a folder has all that is below it.
 */
export function mentionsPath(glob: string, cwd: string): (path: string) => boolean {
  const folder = plainText(cwd)
  const whole = globAt(allBelow(plainText(glob)), folder)
  return (path) => readings(plainText(path), folder).some((reading) => whole.fits(reading))
}

/** A glob that is also about what is below the folders that it names. */
export function allBelow(glob: string): string {
  return `${glob.replace(/\/+(\*\*)?$/, '')}/**`
}

/** @throws {ConfigError} the glob can match no path */
export function checkGlob(glob: string): void {
  if (/^~/.test(glob)) throw new ConfigError(`Write out the folder that "~" is in "${glob}".`)
  if (!hasWholeBraces(glob)) throw new ConfigError(`The braces of "${glob}" do not fit together.`)
  try {
    compileGlob(glob)
  } catch (cause) {
    throw new ConfigError(`"${glob}" stands for too many paths: write several rules.`, { cause })
  }
}

function hasWholeBraces(glob: string): boolean {
  let open = 0
  for (const character of glob) {
    if (character === '{') open++
    if (character === '}' && --open < 0) return false
  }
  return open === 0
}

/** What is the same to some disk. */
export function plainText(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** Where `\` stands in names and where it separates folders: which of the two is up to the system. */
export function readings(path: string, cwd: string): string[] {
  const slashes = absolute(path.replaceAll('\\', '/'), cwd)
  return isWindows(cwd) || !path.includes('\\') ? [slashes] : [slashes, absolute(path, cwd)]
}

function isWindows(cwd: string): boolean {
  return /^[a-z]:/i.test(cwd)
}

/** A path or a glob in full, with slashes. */
export function absolute(path: string, cwd: string): string {
  const windows = isWindows(cwd)
  const isWhole = windows ? /^(\/|[a-z]:)/i.test(path) : path.startsWith('/')
  const whole = isWhole ? path : `${windows ? cwd.replaceAll('\\', '/') : cwd}/${path}`
  const parts: string[] = []
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop()
    else if (part && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function globAt(glob: string, cwd: string): Pick<Glob, 'fits'> {
  const whole = absolute(glob.replaceAll('\\', '/'), cwd)
  // What is special in a glob is not so in the name of the folder that it begins in.
  const folder = absolute('.', cwd)
  if (!`${whole}/`.startsWith(`${folder}/`)) return compileGlob(whole)
  const own = compileGlob(whole.slice(folder.length + 1))
  return {
    fits: (path) => `${path}/`.startsWith(`${folder}/`) && own.fits(path.slice(folder.length + 1)),
  }
}
