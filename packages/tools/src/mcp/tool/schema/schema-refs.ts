import type { Schema } from './keyword-values.ts'

const nowhere = 'https://schema.invalid/'

/** What a reference stands for, in a schema that says itself what its parts are called. */
export interface SchemaRefs {
  /**
   * The part that a reference in `from` leads to, and a name for it.
   *
   * @throws {Error} there is no such part
   */
  resolve(ref: unknown, from: object): { target: unknown; name: string }
}

/** @see https://json-schema.org/draft/2020-12/json-schema-core#section-8.2 */
export function indexRefs(root: Schema): SchemaRefs {
  const bases = new Map<object, string>()
  const named = new Map<string, object>([[nowhere, root]])
  const index = (value: unknown, outer: string) => {
    if (typeof value !== 'object' || value === null) return
    const { $id, $anchor, $dynamicAnchor } = value as Schema
    const base = typeof $id === 'string' && !$id.startsWith('#') ? (toURL($id, outer)?.href ?? outer) : outer
    bases.set(value, base)
    if (base !== outer) named.set(base.replace(/#$/, ''), value)
    for (const anchor of [$anchor, $dynamicAnchor, $id]) {
      const url = typeof anchor === 'string' && toURL(anchor.replace(/^#?/, '#'), base)
      if (url && (anchor !== $id || $id.startsWith('#'))) named.set(url.href, value)
    }
    for (const part of Object.values(value)) index(part, base)
  }
  index(root, nowhere)

  return {
    resolve(ref, from) {
      if (typeof ref !== 'string') throw new Error('a reference is not a string')
      const url = toURL(ref, bases.get(from) ?? nowhere)
      const [whole = '', fragment = ''] = url ? url.href.split(/#(.*)/s) : []
      const pointer =
        fragment === '' ? [] : fragment.startsWith('/') ? fragment.slice(1).split('/').map(decode) : undefined
      const found = pointer
        ? // Many mean the whole document where a part of it has a name of its own.
          (follow(named.get(whole), pointer) ?? (ref.startsWith('#') ? follow(root, pointer) : undefined))
        : named.get(url?.href ?? '')
      if (found === undefined) throw new Error(`the reference "${ref.slice(0, 100)}" leads nowhere`)
      return { target: found, name: pointer?.at(-1) ?? fragment }
    },
  }
}

function follow(start: unknown, path: readonly string[]): unknown {
  return path.reduce((value: unknown, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Schema)[key] : undefined
  }, start)
}

/** @see https://datatracker.ietf.org/doc/html/rfc6901 */
function decode(segment: string): string {
  let text = segment
  try {
    text = decodeURIComponent(segment)
  } catch {
    // A percent sign that nobody has escaped.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}

function toURL(text: string, base: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined
}

/** A part's place, as a reference to it. */
export function toPointer(path: readonly string[]): string {
  const segments = path.map((one) => encodeURI(one.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('#', '%23'))
  return ['#', ...segments].join('/')
}
