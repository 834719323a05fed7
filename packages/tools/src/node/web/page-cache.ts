import type { Fetched } from './fetch-page.ts'

/** The pages fetched last, for fifteen minutes. */
export interface PageCache {
  get(href: string): Fetched | undefined
  set(href: string, page: Fetched): void
}

const freshMs = 15 * 60_000
const maxPages = 20
const maxChars = 10_000_000

/** Keeps 20 pages of 10,000,000 characters together, and the last one whatever it has. */
export function createPageCache(): PageCache {
  const pages = new Map<string, { page: Fetched; at: number }>()
  const isFull = () => {
    const lengths = [...pages.values()].map(({ page }) => (page.redirect === undefined ? page.text.length : 0))
    return lengths.length > maxPages || lengths.reduce((sum, length) => sum + length, 0) > maxChars
  }
  return {
    get(href) {
      const known = pages.get(href)
      return known && Date.now() - known.at < freshMs ? known.page : undefined
    },
    set(href, page) {
      pages.delete(href)
      pages.set(href, { page, at: Date.now() })
      for (const oldest of pages.keys()) {
        if (oldest === href || !isFull()) return
        pages.delete(oldest)
      }
    },
  }
}
