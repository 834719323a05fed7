/** A part of a long list of results, as text. */
export interface ResultPage {
  /** Adds the next entry, below its heading if it has one, and says whether there is room for more. */
  add(entry: string, heading?: string): boolean
  /** How many entries there were, those included that were passed over. */
  readonly seen: number
  /** Everything on the page and where it goes on; empty if there is nothing. */
  toText(): string
}

const maxChars = 100_000

/** Passes over `offset` entries and takes `limit`, up to about 100,000 characters in all. */
export function createResultPage(offset: number, limit: number): ResultPage {
  const lines: string[] = []
  let seen = 0
  let chars = 0
  let above: string | undefined
  let isFull = false
  return {
    add(entry, heading) {
      if (seen++ < offset) return true
      isFull = seen > offset + limit || chars >= maxChars
      if (isFull) return false
      if (heading !== above && heading !== undefined) lines.push(...(lines.length ? [''] : []), heading)
      above = heading
      lines.push(entry)
      chars += entry.length + 1
      return true
    },
    get seen() {
      return seen
    },
    toText() {
      if (!isFull) return seen && !lines.length ? `[There are only ${seen}.]` : lines.join('\n')
      return `${lines.join('\n')}\n[There is more: go on with offset ${seen - 1}.]`
    },
  }
}
