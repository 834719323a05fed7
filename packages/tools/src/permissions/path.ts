import { ConfigError } from '@enjamb/core'
import { fitsGlob, type Glob, parseGlob } from './glob.ts'

/**
 * Does a path match a glob? Both may be relative to `cwd`; `.` and `..` are resolved in words, links are not followed.
 *
 * @param glob `*` and `?` stay inside a folder, `**` goes through any number of them, `{a,b}` is either
 */
export function matchesPath(glob: string, path: string, cwd: string): boolean {
  const whole = globAt(glob, cwd)
  return whole !== undefined && readings(path, cwd).every((reading) => fitsGlob(whole, reading))
}

/**
 * Tells whether a path may be one that the glob is about. On some disks capitals and composed letters make no difference,
 * and a folder has all that is below it.
 */
export function mentionsPath(glob: string, cwd: string): (path: string) => boolean {
  const folder = plainText(cwd)
  const whole = globAt(plainText(glob), folder, '/**')
  return (path) => !whole || readings(plainText(path), folder).some((reading) => fitsGlob(whole, reading))
}

/** @throws {ConfigError} the glob can match no path */
export function checkGlob(glob: string): void {
  if (/^~/.test(glob)) throw new ConfigError(`Write out the folder that "~" is in "${glob}".`)
  if (!parseGlob(glob)) throw new ConfigError(`The braces of "${glob}" do not fit together.`)
}

function plainText(text: string): string {
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

function absolute(path: string, cwd: string): string {
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

/** @param below what is added for all that is in the folders the glob names */
function globAt(glob: string, cwd: string, below = ''): Glob | undefined {
  const named = absolute(glob.replaceAll('\\', '/'), cwd)
  const whole = below ? named.replace(/\/(\*\*)?$/, '') + below : named
  // What is special in a glob is not so in the name of the folder that it begins in.
  const folder = absolute('.', cwd)
  const own = `${whole}/`.startsWith(`${folder}/`) ? folder : ''
  return parseGlob(whole.slice(own.length), own)
}
