import { ConfigError } from '@enjamb/core'

/**
 * Does a path match a glob? Both may be relative to `cwd`; `.` and `..` are resolved in words, links are not followed.
 *
 * @param glob `*` and `?` stay inside a folder, `**` goes through any number of them, `{a,b}` is either
 */
export function matchesPath(glob: string, path: string, cwd: string): boolean {
  return isOpenable(path, cwd) && readings(path, cwd).every((reading) => toRegExp(glob, cwd, '$').test(reading))
}

/**
 * May a path be one that the glob is about? On some disks capitals and composed letters make no difference, and a folder
 * has all that is below it.
 */
export function mentionsPath(glob: string, path: string, cwd: string): boolean {
  if (!isOpenable(path, cwd)) return true
  const test = toRegExp(plainText(glob), plainText(cwd), '(/.*)?$')
  return readings(plainText(path), plainText(cwd)).some((reading) => test.test(reading))
}

/** @throws {ConfigError} the glob can match no path */
export function checkGlob(glob: string): void {
  if (/^~/.test(glob)) throw new ConfigError(`Write out the folder that "~" is in "${glob}".`)
  try {
    toRegExp(glob, '/', '$')
  } catch {
    throw new ConfigError(`The braces of "${glob}" do not fit together.`)
  }
}

function plainText(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** No system opens longer names; in them a search could be made to take for ever. */
function isOpenable(path: string, cwd: string): boolean {
  return readings(path, cwd).every((reading) => reading.length < 4_096 && !/[^/]{256}/.test(reading))
}

/** Where `\` stands in names and where it separates folders: which of the two is up to the system. */
function readings(path: string, cwd: string): string[] {
  const slashes = absolute(path.replaceAll('\\', '/'), cwd)
  return isWindows(cwd) ? [slashes] : [slashes, absolute(path, cwd)]
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

const meanings: Record<string, string> = {
  // The folder itself is inside of it, too.
  '/**': '(/.*)?',
  '**/': '(.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(',
  '}': ')',
}

function toRegExp(glob: string, cwd: string, end: string): RegExp {
  const whole = absolute(glob.replaceAll('\\', '/'), cwd)
  // What is special in a glob is not so in the name of the folder that it begins in.
  const folder = absolute('.', cwd)
  const own = folder !== '/' && whole.startsWith(`${folder}/`) ? folder : ''
  let depth = 0
  const source = whole.slice(own.length).replace(/\/\*\*$|(\*\*\/)+|\*\*+|[*?{},.+^$()|[\]\\]/g, (found) => {
    if (found === '{') depth++
    if (found === '}') depth--
    if (found === ',') return depth > 0 ? '|' : ','
    return meanings[found.startsWith('**/') ? '**/' : found.startsWith('**') ? '**' : found] ?? `\\${found}`
  })
  return new RegExp(`^${own.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}${source}${end}`, 's')
}
