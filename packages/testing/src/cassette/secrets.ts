/** Names of headers and of parameters in a query whose values are credentials. */
const secretName = /authorization|cookie|(^|[-_])(key|apikey|token|secret|password|signature|sig|credential)s?$/i
const shortest = 8

/** The credentials that a request carries, in every form in which they may come back. */
export function secretsOf({ headers, url }: Request, upstream?: string): string[] {
  const { searchParams } = new URL(url)
  const given = [...headers, ...searchParams].flatMap(([name, value]) => (secretName.test(name) ? [value] : []))
  const { username, password } = new URL(upstream ?? url)
  const values = [...given.flatMap(parts), decodeURIComponent(password), decodeURIComponent(username)]
  return [...new Set(values.filter(isTelling).flatMap(forms))].sort((a, b) => b.length - a.length)
}

/** A place in a text, and what takes its place. */
export interface Cut {
  from: number
  to: number
  word: string
}

/** Where credentials stand: those that look like one, and those that are known. In order, none within another. */
export function findSecrets(text: string, secrets: readonly string[]): Cut[] {
  const found: Cut[] = []
  for (const match of text.matchAll(/sk-(ant-[\w-]+|[\w-]{16,})/g)) {
    const word = match[0].startsWith('sk-ant-') ? 'sk-ant-redacted' : 'sk-redacted'
    found.push({ from: match.index, to: match.index + match[0].length, word })
  }
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
      found.push({ from: at, to: at + secret.length, word: 'redacted' })
    }
  }
  found.sort((a, b) => a.from - b.from || b.to - a.to)
  const merged: Cut[] = []
  for (const one of found) {
    const last = merged.at(-1)
    if (last && one.from < last.to) last.to = Math.max(last.to, one.to)
    else merged.push(one)
  }
  return merged
}

/** A part of a text without its secrets. The word for one stands in the part that it begins in. */
export function cut(text: string, cuts: readonly Cut[], from: number, to: number): string {
  let clean = ''
  let at = from
  for (const one of cuts) {
    if (one.to <= from || one.from >= to) continue
    clean += text.slice(at, Math.max(at, one.from)) + (one.from >= from ? one.word : '')
    at = Math.min(to, one.to)
  }
  return clean + text.slice(at, to)
}

/** A query without the values that are credentials by their name. */
export function withoutSecretParams(search: string): string {
  return search.replace(/([?&])([^=&]+)=([^&]*)/g, (whole, mark: string, name: string) =>
    secretName.test(name) ? `${mark}${name}=redacted` : whole,
  )
}

/** What stands behind the word of the scheme; of `name:password`, the password too; of cookies, each value. */
function parts(value: string): string[] {
  const token = value.replace(/^(Bearer|Basic|Token)\s+/i, '').trim()
  const cookies = value.includes('=') ? value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1)) : []
  if (!/^Basic\s/i.test(value)) return [token, ...cookies]
  try {
    const pair = atob(token)
    return [token, pair, pair.slice(pair.indexOf(':') + 1)]
  } catch {
    return [token]
  }
}

/** A short or ordinary word is no secret, and would be cut out of every text. */
function isTelling(value: string): boolean {
  return value.length >= shortest && (value.length >= 2 * shortest || /[^a-z]/.test(value))
}

function forms(value: string): string[] {
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]
}
