import { dirname, extname, join, normalize } from 'node:path/posix'
import type { Page } from './page.ts'

/** The links of a page's Markdown, which lead to files, as links to the pages that are made of these. */
export function toSiteLinks(page: Page, pageOf: (source: string) => Page | undefined): string {
  const source = page.sources[0]!
  return page.markdown.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image: string, text: string, href: string) => {
    if (image || href.startsWith('#') || /^[a-z]+:/.test(href)) return whole
    const [path = '', anchor] = href.split('#')
    const file = path.startsWith('/') ? path.slice(1) : normalize(join(dirname(source), path))
    const target = pageOf(file.replace(/\/$/, ''))
    // A file that is no page has no address here.
    if (!target) return text
    return `[${text}](/${target.path}${anchor ? `#${anchor}` : ''})`
  })
}

/** Finds the page of a file; that of a folder without one is the page of the folder around it. */
export function createPageFinder(pages: Page[]): (source: string) => Page | undefined {
  const bySource = new Map(pages.flatMap((page) => page.sources.map((source) => [source, page])))
  return function pageOf(source): Page | undefined {
    const found = bySource.get(source)
    return found || extname(source) || source === '.' ? found : pageOf(dirname(source))
  }
}
