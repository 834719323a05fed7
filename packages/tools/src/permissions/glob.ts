/** A glob, taken apart, with what each part leads to. */
export interface Glob {
  /** What it begins with, where nothing is special. */
  readonly folder: string
  /** `*`, `**` and `?` with what they mean; `either`, `or` and `end` for `{a,b}`; any other character. */
  readonly parts: readonly string[]
  /** From an `either` to each of its alternatives, and from the `or` that ends one to behind the `end`. */
  readonly jumps: ReadonlyMap<number, readonly number[]>
}

const names: Record<string, string> = { '{': 'either', ',': 'or', '}': 'end' }

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
  const parts: string[] = []
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
    const isPlain = part === ',' && !commas
    parts.push(isPlain ? part : (names[part] ?? part.slice(0, 2)))
  }
  return open.length ? undefined : { folder, parts, jumps }
}

/**
 * Is the whole text like the glob? All ways through the glob are followed at once, so no text and no glob can make it
 * take longer than one times the other.
 */
export function fitsGlob({ folder, parts, jumps }: Glob, text: string): boolean {
  if (!text.startsWith(folder)) return false
  let here: number[] = []
  /** After how many characters each part was reached last. */
  const reached: number[] = []
  const reach = (at: number, after: number) => {
    if (reached[at] === after) return
    reached[at] = after
    here.push(at)
    const part = parts[at]
    if (part === '*' || part === '**' || part === 'end') reach(at + 1, after)
    if (part === 'either' || part === 'or') for (const next of jumps.get(at)!) reach(next, after)
  }
  reach(0, folder.length)
  for (let i = folder.length; i < text.length && here.length; i++) {
    const character = text[i]!
    const before = here
    here = []
    for (const at of before) {
      const part = parts[at]
      if (part === '**' || (part === '*' && character !== '/')) reach(at, i + 1)
      if (part === character || (part === '?' && character !== '/')) reach(at + 1, i + 1)
    }
  }
  return here.includes(parts.length)
}
