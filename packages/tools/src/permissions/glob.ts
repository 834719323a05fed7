/** A glob, taken apart, with what each part leads to. */
export interface Glob {
  /** `*`, `**`, `?`, `{`, `,` and `}` with what they mean; any other character behind a `\`. */
  readonly parts: readonly string[]
  /** From a `{` to each of its alternatives, and from the `,` that ends one to behind the `}`. */
  readonly jumps: ReadonlyMap<number, readonly number[]>
}

/**
 * Takes a glob apart. `*` and `?` stay inside a folder, `**` goes through any number of them, `{a,b}` is either; nothing
 * else is special.
 *
 * @param folder what the glob begins with, each character of it as it is
 * @returns `undefined` where the braces do not fit together
 */
export function parseGlob(glob: string, folder = ''): Glob | undefined {
  // The folder itself is inside of `/**`, too, and `**/` may be no folder at all.
  const text = glob.replace(/\/(\*\*\/)*\*\*$/, '{,/**}').replace(/(\*\*\/)+/g, '{,**/}')
  const parts = Array.from({ length: folder.length }, (_, at) => `\\${folder[at]}`)
  const jumps = new Map<number, number[]>()
  const open: number[][] = []
  for (const [part] of text.matchAll(/\*+|[^*]/gs)) {
    const at = parts.length
    const commas = open.at(-1)
    if (part === '{') open.push([at])
    else if (part === ',') commas?.push(at)
    else if (part === '}') {
      const [start, ...others] = open.pop() ?? []
      if (start === undefined) return undefined
      jumps.set(
        start,
        [start, ...others].map((place) => place + 1),
      )
      for (const comma of others) jumps.set(comma, [at + 1])
    }
    const isSpecial = part === ',' ? commas : /^[*?{}]/.test(part)
    parts.push(isSpecial ? part.slice(0, 2) : `\\${part}`)
  }
  return open.length ? undefined : { parts, jumps }
}

/**
 * Is the whole text like the glob? All ways through the glob are followed at once, so no text and no glob can make it
 * take longer than one times the other.
 */
export function fitsGlob({ parts, jumps }: Glob, text: string): boolean {
  let here = new Set<number>()
  const reach = (at: number) => {
    if (here.has(at)) return
    here.add(at)
    const part = parts[at]
    if (part === '*' || part === '**' || part === '}') reach(at + 1)
    for (const next of jumps.get(at) ?? []) reach(next)
  }
  reach(0)
  for (let i = 0; i < text.length && here.size; i++) {
    const character = text[i]!
    const before = here
    here = new Set()
    for (const at of before) {
      const part = parts[at]
      if (part === '**' || (part === '*' && character !== '/')) reach(at)
      if (part === `\\${character}` || (part === '?' && character !== '/')) reach(at + 1)
    }
  }
  return here.has(parts.length)
}
