/**
 * Does a path match a glob? Both may be relative to `cwd`; `.` and `..` are resolved in words, links are not followed.
 *
 * @param glob `*` and `?` stay inside a folder, `**` goes through any number of them, `{a,b}` is either
 */
export function matchesPath(glob: string, path: string, cwd: string): boolean {
  return toRegExp(absolute(glob, cwd)).test(absolute(path, cwd))
}

function absolute(path: string, cwd: string): string {
  const slashes = path.replaceAll('\\', '/')
  const whole = /^(\/|[a-z]:)/i.test(slashes) ? slashes : `${cwd.replaceAll('\\', '/')}/${slashes}`
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
  ',': '|',
}

function toRegExp(glob: string): RegExp {
  const source = glob.replace(/\/\*\*$|\*\*\/|\*\*|[*?{},.+^$()|[\]\\]/g, (found) => meanings[found] ?? `\\${found}`)
  return new RegExp(`^${source}$`, 's')
}
